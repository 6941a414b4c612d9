// One row of a chat: a bubble (an album is one bubble) and the buttons under it.

import { el, icon, toneOf } from "./dom.js";
import { richText } from "./text.js";

export function messageRow(group, context) {
  const first = group[0];
  if (first.kind === "service") {
    return el("div", { class: "service", "data-testid": "service" }, el("span", {}, first.text));
  }
  const last = group[group.length - 1];
  const buttons = keyboard(last, context);
  const block = el(
    "div",
    { class: `block${buttons ? " keyed" : ""}` },
    bubble(group, context, !buttons),
    buttons,
    first.mine && el("button", {
      class: "more", type: "button", title: "更多", "data-testid": "message-menu",
      onclick: (event) => context.onMenu(first, event.currentTarget),
    }),
  );
  return el("div", {
    class: `row${first.mine ? " mine" : ""}`,
    "data-testid": "message",
    "data-message-id": first.id,
    "data-from": first.bot ? "bot" : first.mine ? "me" : "other",
    oncontextmenu: first.mine && ((event) => { event.preventDefault(); context.onMenu(first, event.target); }),
  }, block);
}

function bubble(group, context, tail) {
  const first = group[0];
  const photos = group.filter((one) => one.photo);
  const said = group.find((one) => one.text) ?? first;
  const big = first.kind === "sticker";
  const bare = photos.length > 0 && !said.text;
  const classes = ["bubble", tail && "tail", photos.length && "picture", bare && "bare", big && "big"];
  const node = el("div", { class: classes.filter(Boolean).join(" ") });
  if (context.inGroup && !first.mine && !big) {
    const sender = el("div", { class: "sender" }, first.sender);
    sender.style.setProperty("--tone", first.bot ? "#3390ec" : toneOf(first.sender_id));
    node.append(sender);
  }
  if (first.reply) {
    node.append(el("div", { class: "reply" }, el("b", {}, first.reply.sender), el("span", {}, first.reply.text || "图片")));
  }
  if (photos.length) node.append(gallery(photos, context));
  for (const one of group) {
    if (one.document) node.append(documentRow(one.document));
    if (one.sound) node.append(voiceRow(one));
    if (one.film) node.append(el("video", { class: "film", src: one.film, controls: true, preload: "metadata", "data-testid": "film" }));
  }
  if (said.text) node.append(withMeta(richText(said.text, said.entities, context.onCommand), meta(group)));
  else node.append(meta(group));
  return node;
}

// The time stands at the end of the last line where there is room, as floats do.
function withMeta(words, time) {
  const closing = words.lastElementChild;
  const closed = closing && ["PRE", "BLOCKQUOTE"].includes(closing.tagName) && !closing.nextSibling?.textContent;
  if (closed) return el("div", {}, words, time);
  words.append(time);
  return words;
}

const CLOCKS = new Map();
export function clockText(seconds, zone) {
  if (!CLOCKS.has(zone)) {
    CLOCKS.set(zone, new Intl.DateTimeFormat("zh-CN", { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false }));
  }
  return CLOCKS.get(zone).format(seconds * 1000);
}

function meta(group) {
  const last = group[group.length - 1];
  return el(
    "span",
    { class: "meta" },
    last.protected && icon("lock", "lock"),
    group.some((one) => one.edited) && el("span", { "data-testid": "edited" }, "已编辑"),
    clockText(last.date, document.body.dataset.zone),
    last.mine && icon(last.taken ? "twice" : "once"),
  );
}

function gallery(photos, context) {
  const node = el("div", { class: `photos${photos.length === 1 ? " one" : ""}` });
  photos.forEach((one, index) => {
    const odd = photos.length > 1 && photos.length % 2 === 1;
    const place = odd && index === 0 ? "wide" : "";
    node.append(el("img", {
      src: one.photo.url, class: place, alt: "照片", draggable: false, "data-testid": "photo",
      width: one.photo.width, height: one.photo.height,
      onclick: () => context.onPhoto(one.photo.url),
    }));
  });
  return node;
}

function documentRow(file) {
  const size = file.size < 1024 * 1024 ? `${Math.max(1, Math.round(file.size / 1024))} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
  return el("a", { class: "file", href: file.url, download: file.name, "data-testid": "document" },
    el("span", {}, icon("file")),
    el("div", {}, el("b", {}, file.name), el("small", {}, size)));
}

function voiceRow(message) {
  const wave = el("div", { class: "wave" });
  for (let bar = 0; bar < 26; bar++) {
    const stick = el("i");
    stick.style.height = `${5 + Math.abs(Math.sin(bar * 1.7 + message.id) * 15)}px`;
    wave.append(stick);
  }
  const seconds = message.duration ?? 0;
  const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const play = el("button", { type: "button", class: "play", "data-testid": "sound", onclick: () => new Audio(message.sound).play() }, icon("play"));
  return el("div", { class: "file" }, play, el("div", {}, wave, el("small", {}, length)));
}

function keyboard(message, context) {
  if (!message.buttons.length) return null;
  const rows = message.buttons.map((row) => el("div", {}, ...row.map((button) => key(button, message, context))));
  return el("div", { class: "keys" }, ...rows);
}

function key(button, message, context) {
  if (button.url) {
    return el("button", {
      class: "key link", type: "button", "data-testid": "button",
      onclick: () => context.onLink(button.url),
    }, button.text);
  }
  const busy = context.pressing.some((one) => one.message === message.id && one.data === button.callback_data);
  return el("button", {
    class: `key${busy ? " busy" : ""}`, type: "button", "data-testid": "button", "data-callback": button.callback_data,
    onclick: () => context.onPress(message, button),
  }, button.text);
}
