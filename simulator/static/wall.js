// The wall: clock, notice board, phones, kept fresh by one stream of events.

import { post } from "./api.js";
import { avatar, below, el, openMenu } from "./dom.js";
import { clockText } from "./message.js";
import { BrowserView } from "./browser.js";
import { PhoneView } from "./phone.js";
import { ScreenView } from "./screen.js";

const byId = (id) => document.getElementById(id);
const views = new Map();
const waiting = new Map();
const done = new Set();
const screen = new ScreenView(byId("screen-button"));
let wall = null;
let readAt = 0;

function showWall(state) {
  wall = state;
  readAt = performance.now();
  document.title = state.title;
  document.body.dataset.zone = state.time_zone;
  byId("title").textContent = state.title;
  byId("subtitle").textContent = state.subtitle;
  const browsers = new Map(state.browsers.map((browser) => [browser.key, browser]));
  const keys = [...browsers.keys(), ...state.phones];
  byId("empty").hidden = keys.length > 0;
  document.body.classList.toggle("fits", keys.length > 0 && keys.length <= 6);
  byId("phones").style.setProperty("--phones", keys.length);
  showPosters(state.posters);
  showSteps();
  const wanted = new Set(keys);
  for (const [key, view] of views) {
    if (!wanted.has(key)) {
      view.node.remove();
      views.delete(key);
    }
  }
  for (const [number, key] of keys.entries()) {
    const browser = browsers.get(key);
    if (!views.has(key)) views.set(key, browser ? new BrowserView(browser) : new PhoneView(key, openLink));
    const view = views.get(key);
    if (browser) view.update(browser);
    view.samples = state.samples;
    // A node that is put anew where it is loses how far it was scrolled.
    const there = byId("phones").children[number] ?? null;
    if (there !== view.node) byId("phones").insertBefore(view.node, there);
    if (waiting.has(key)) view.update(waiting.get(key));
  }
  waiting.clear();
  tick();
}

function showPhone(state) {
  tickOff(state.key, state.messages.map((message) => message.text));
  const view = views.get(state.key);
  if (view) view.update(state);
  else waiting.set(state.key, state);
}

// A step that was done stays done, whatever the phone shows later.
function tickOff(key, texts) {
  for (const step of wall?.steps ?? []) {
    const isShown = (text) => step.shows.some((part) => text.includes(part));
    if (step.phones.includes(key) && texts.some(isShown)) done.add(step.text);
  }
  showSteps();
}

// What is done in a browser is not seen from here: a visitor ticks it off.
function tickOffByHand(step) {
  done.add(step.text);
  showSteps();
}

function showSteps() {
  const steps = wall?.steps ?? [];
  const next = steps.find((step) => !done.has(step.text));
  byId("guide").hidden = steps.length === 0;
  byId("steps").replaceChildren(...steps.map((step, number) =>
    el("li", { class: done.has(step.text) ? "done" : step === next ? "next" : "", "data-testid": `step-${number + 1}`, title: `${step.text}\n${step.translation}`, onclick: () => tickOffByHand(step) },
      el("i", {}, done.has(step.text) ? "✓" : `${number + 1}`),
      el("span", {}, el("b", {}, step.text), el("small", { lang: "en" }, step.translation)))));
}

function showPosters(posters) {
  byId("board").hidden = posters.length === 0;
  byId("posters").replaceChildren(...posters.map((poster) =>
    el("button", { class: "poster", type: "button", "data-testid": `poster-${poster.number}`, onclick: (event) => chooseScanner(poster, event.currentTarget) },
      el("img", { src: poster.image, alt: "" }),
      el("span", {}, el("b", {}, poster.title), poster.subtitle && el("small", {}, poster.subtitle), el("em", {}, "点一下，用手机扫码")))));
}

// What the wall may show is shown on its large screen; anything else has a window of its own.
function openLink(url) {
  const isOurs = wall.browsers.some((browser) => new URL(browser.home).origin === new URL(url).origin);
  if (isOurs) screen.open(url);
  else open(url, "_blank", "noopener");
}

function chooseScanner(poster, anchor) {
  const phones = [...views.values()].filter((view) => view instanceof BrowserView || (view.state?.kind === "private" && view.state.scans));
  const scan = (view) => {
    view.node.scrollIntoView({ block: "nearest", behavior: "smooth" });
    if (view instanceof BrowserView) {
      view.open(poster.link);
      tickOff(view.key, [poster.title]);
    } else view.attempt(post("scan", { person: view.state.person, link: poster.bot_link }));
  };
  if (phones.length === 1) {
    scan(phones[0]);
    return;
  }
  const choices = phones.map((view) =>
    el("button", { type: "button", "data-testid": `scan-${view.key}`, onclick: () => { close(); scan(view); } },
      avatar(view.state.label || view.state.name, view.state.accent), view.state.label || view.state.name));
  const menu = el("div", { class: "menu" }, el("h3", {}, "用谁的手机扫码？"), ...choices);
  const close = openMenu(menu, below(anchor));
}

function tick() {
  if (!wall) return;
  const now = new Date(Date.parse(wall.now) + performance.now() - readAt);
  const zone = wall.time_zone;
  byId("time").textContent = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(now);
  byId("date").textContent = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, year: "numeric", month: "long", day: "numeric", weekday: "short" }).format(now);
  for (const view of views.values()) view.setTime(clockText(now.getTime() / 1000, zone));
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => post("clock", { advance: Number(button.dataset.advance) }));
}
setInterval(tick, 1000);

const stream = new EventSource("/control/events");
stream.onmessage = (event) => {
  const state = JSON.parse(event.data);
  if (state.type === "wall") showWall(state);
  else showPhone(state);
};
