// One phone: its frame, its chat, and what happens when one touches it.

import { post } from "./api.js";
import { Composer } from "./composer.js";
import { avatar, below, el, icon, openMenu, toneOf } from "./dom.js";
import { Handset } from "./handset.js";
import { messageRow } from "./message.js";

const ACTIONS = { typing: "正在输入", upload_photo: "正在发送照片", upload_document: "正在发送文件" };
const TOAST_MS = 3500;

export class PhoneView extends Handset {
  constructor(key, openLink) {
    super(key);
    this.openLink = openLink;
    this.samples = [];
    this.rows = new Map();
    this.seenAnswers = null;
    this.lastRead = null;
    this.composer = new Composer(this);
    this.build();
  }

  build() {
    this.unread = el("span", { class: "phone-unread", hidden: true, "data-testid": "unread" });
    this.headAvatar = el("span");
    this.headTitle = el("b");
    this.headLine = el("span", { "data-testid": "chat-status" });
    this.feed = el("div", { class: "feed", "data-testid": "feed" });
    const head = el("div", { class: "chat-head" }, icon("back"), this.headAvatar, el("div", {}, this.headTitle, this.headLine));
    const markRead = () => this.markRead();
    this.assemble([head, this.feed, this.composer.node], [this.unread], { onpointerdown: markRead, onfocusin: markRead });
  }

  update(state) {
    super.update(state);
    this.headTitle.textContent = state.title;
    const members = `${state.members.length + 1} 位成员`;
    this.headLine.textContent = ACTIONS[state.action] ?? (state.kind === "private" ? "机器人" : members);
    this.headLine.className = state.action ? "busy" : "";
    const face = state.kind === "private"
      ? el("span", { class: "avatar bot" }, el("img", { src: "/static/icon.svg", alt: "" }))
      : avatar(state.title, toneOf(state.chat));
    this.headAvatar.replaceWith(face);
    this.headAvatar = face;
    this.composer.update(state);
    this.draw();
    this.showAnswers();
    this.countUnread();
  }

  draw() {
    const atEnd = this.feed.scrollHeight - this.feed.scrollTop - this.feed.clientHeight < 60;
    const context = {
      inGroup: this.state.kind !== "private",
      pressing: this.state.pressing,
      onPress: (message, button) => this.press(message, button),
      onMenu: (message, anchor) => this.openMenu(message, anchor),
      onPhoto: (url) => this.openPhoto(url),
      onLink: (url) => this.openLink(url),
      onCommand: (text) => this.attempt(post("text", { ...this.composer.place, text })),
    };
    const wanted = [];
    let day = "";
    let previous = null;
    for (const group of grouped(this.state.messages)) {
      const first = group[0];
      const thisDay = dayText(first.date);
      if (thisDay !== day) {
        wanted.push({ key: `day ${thisDay}`, print: thisDay, make: () => el("div", { class: "day" }, el("span", {}, thisDay)) });
        day = thisDay;
        previous = null;
      }
      const follows = previous !== null && previous.sender_id === first.sender_id && first.kind !== "service";
      const pressing = this.state.pressing.filter((one) => group.some((message) => message.id === one.message));
      wanted.push({
        key: `${first.chat}:${first.id}`,
        print: JSON.stringify([group, pressing, follows]),
        make: () => {
          const row = messageRow(group, context);
          if (follows) row.classList.add("follows");
          return row;
        },
      });
      previous = first.kind === "service" ? null : first;
    }
    if (!this.state.started) wanted.push({ key: "welcome", print: "", make: () => this.welcome() });
    const grew = this.reconcile(wanted);
    if (atEnd || grew) this.scrollDown();
  }

  reconcile(wanted) {
    let grew = false;
    const keys = new Set(wanted.map((one) => one.key));
    for (const [key, row] of this.rows) {
      if (!keys.has(key)) {
        this.rows.delete(key);
        row.node.classList.add("leaving");
        setTimeout(() => row.node.remove(), 200);
      }
    }
    let before = null;
    for (const one of wanted) {
      let row = this.rows.get(one.key);
      if (!row) {
        row = { print: one.print, node: one.make() };
        this.rows.set(one.key, row);
        grew = true;
      } else if (row.print !== one.print) {
        const fresh = one.make();
        fresh.style.animation = "none";
        row.node.replaceWith(fresh);
        row.node = fresh;
        row.print = one.print;
      }
      let place = before ? before.nextSibling : this.feed.firstChild;
      while (place?.classList.contains("leaving")) place = place.nextSibling;
      if (place !== row.node) this.feed.insertBefore(row.node, place);
      before = row.node;
    }
    return grew;
  }

  scrollDown() {
    this.feed.scrollTop = this.feed.scrollHeight;
    for (const image of this.feed.querySelectorAll("img")) {
      if (!image.complete) image.addEventListener("load", () => { this.feed.scrollTop = this.feed.scrollHeight; }, { once: true });
    }
  }

  welcome() {
    return el("div", { class: "welcome" }, el("img", { src: "/static/icon.svg", alt: "" }), el("b", {}, this.state.title),
      el("span", {}, "扫描公告栏上的二维码，或点“开始”"));
  }

  press(message, button) {
    this.attempt(post("press", { person: this.state.person, chat: message.chat, message: message.id, data: button.callback_data }));
  }

  openMenu(message, anchor) {
    const choose = (action) => () => { close(); action(); };
    const where = { person: this.state.person, chat: message.chat, message: message.id };
    const menu = el("div", { class: "menu" },
      (message.kind === "text" || message.text) && el("button", { type: "button", "data-testid": "message-edit", onclick: choose(() => this.composer.edit(message)) }, "编辑"),
      el("button", { type: "button", class: "danger", "data-testid": "message-delete", onclick: choose(() => this.attempt(post("delete", where))) }, "删除"));
    const close = openMenu(menu, below(anchor));
  }

  openPhoto(url) {
    const viewer = el("div", { class: "viewer", onclick: () => viewer.remove() }, el("img", { src: url, alt: "照片" }));
    this.screen.append(viewer);
  }

  showAnswers() {
    const answers = this.state.answers;
    if (this.seenAnswers === null) this.seenAnswers = new Set(answers.map((one) => one.id));
    for (const answer of answers) {
      if (this.seenAnswers.has(answer.id)) continue;
      this.seenAnswers.add(answer.id);
      if (answer.alert) this.alert(answer.text);
      else this.toast(answer.text);
    }
  }

  toast(text) {
    this.screen.querySelector(".toast")?.remove();
    const toast = el("div", { class: "toast", role: "status", "data-testid": "toast" }, text);
    this.screen.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  alert(text) {
    const box = el("div", { class: "alert", role: "alertdialog", "data-testid": "alert" },
      el("div", {}, el("p", {}, text), el("button", { type: "button", "data-testid": "alert-ok", onclick: () => box.remove() }, "好")));
    this.screen.append(box);
  }

  async attempt(call) {
    try {
      await call;
    } catch (error) {
      this.toast(error.message);
    }
  }

  newest() {
    return this.state.messages.reduce((newest, one) => (one.mine ? newest : Math.max(newest, one.id)), 0);
  }

  markRead() {
    if (!this.state) return;
    this.lastRead = this.newest();
    this.countUnread();
  }

  countUnread() {
    if (this.lastRead === null) this.lastRead = this.newest();
    if (this.node.contains(document.activeElement)) this.lastRead = this.newest();
    const count = this.state.messages.filter((one) => !one.mine && one.kind !== "service" && one.id > this.lastRead).length;
    this.unread.hidden = count === 0;
    this.unread.textContent = count;
  }
}

function grouped(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups[groups.length - 1];
    if (message.album && last && last[0].album === message.album) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

function dayText(seconds) {
  const zone = document.body.dataset.zone;
  return new Intl.DateTimeFormat("zh-CN", { timeZone: zone, month: "long", day: "numeric" }).format(seconds * 1000);
}
