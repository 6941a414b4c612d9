// What a person writes with: text, photos, files, the START button.

import { base64, post } from "./api.js";
import { el, icon, openMenu } from "./dom.js";

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.attached = [];
    this.editing = null;
    this.text = el("textarea", {
      rows: 1, placeholder: "输入消息", "aria-label": "输入消息", "data-testid": "composer",
      oninput: () => this.fit(),
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          this.send();
        }
        if (event.key === "Escape") this.stopEditing();
      },
    });
    this.file = el("input", { type: "file", multiple: true, hidden: true, "data-testid": "file-input", onchange: () => this.takeFiles() });
    this.pending = el("div", { class: "pending", hidden: true });
    this.editBar = el("div", { class: "editing", hidden: true }, el("span", {}, "编辑消息"),
      el("button", { type: "button", onclick: () => this.stopEditing() }, "取消"));
    this.row = el("div", { class: "composer-row" },
      el("button", { class: "round", type: "button", title: "添加照片或文件", "data-testid": "attach", onclick: () => this.openAttach() }, icon("clip")),
      this.text,
      el("button", { class: "round send", type: "button", title: "发送", "data-testid": "send", onclick: () => this.send() }, icon("send")),
      this.file);
    this.startButton = el("button", { class: "big-button", type: "button", "data-testid": "start", hidden: true, onclick: () => this.start() }, "开始");
    this.node = el("div", { class: "composer" }, this.editBar, this.pending, this.row, this.startButton);
  }

  update(state) {
    const closed = !state.started || state.blocked;
    this.row.hidden = closed;
    this.startButton.hidden = !closed;
    this.startButton.textContent = state.blocked ? "重新启用" : "开始";
  }

  get place() {
    return { person: this.phone.state.person, chat: this.phone.state.chat };
  }

  fit() {
    this.text.style.height = "36px";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 108)}px`;
  }

  start() {
    this.phone.attempt(post("scan", { person: this.phone.state.person, link: "" }));
  }

  edit(message) {
    this.editing = message;
    this.editBar.hidden = false;
    this.text.value = message.text;
    this.text.focus();
    this.fit();
  }

  stopEditing() {
    if (this.editing) this.text.value = "";
    this.editing = null;
    this.editBar.hidden = true;
    this.fit();
  }

  openAttach() {
    const samples = this.phone.samples.map((name) =>
      el("button", { type: "button", "data-testid": `sample-${name}`, onclick: () => { this.attach({ sample: name }, `/static/samples/${name}.jpg`); close(); } },
        el("img", { src: `/static/samples/${name}.jpg`, alt: name })));
    const menu = el("div", { class: "menu attach", "data-testid": "attach-menu" },
      el("h3", {}, "示例照片"), el("div", { class: "samples" }, ...samples),
      el("button", { type: "button", onclick: () => { close(); this.file.click(); } }, "从电脑选择照片、录音、视频或文件…"),
      el("button", { type: "button", onclick: () => { close(); this.phone.attempt(post("location", { ...this.place, latitude: 25.0312, longitude: 102.7154 })); } }, "位置"),
      el("button", { type: "button", onclick: () => { close(); this.phone.attempt(post("contact", { ...this.place, phone_number: "+86 138 0013 8000", first_name: "张三" })); } }, "名片"));
    const close = openMenu(menu, (node) => this.phone.screen.append(node));
  }

  async takeFiles() {
    for (const file of this.file.files) {
      const picture = ["image/jpeg", "image/png", "image/webp"].includes(file.type);
      const played = { audio: "voice", video: "video" }[file.type.split("/")[0]];
      const content = { base64: await base64(file), name: file.name, mime_type: file.type || "application/octet-stream" };
      this.attach({ ...content, document: !picture, played }, picture ? URL.createObjectURL(file) : null);
    }
    this.file.value = "";
  }

  attach(content, preview) {
    this.attached.push({ content, preview });
    this.showPending();
    this.text.focus();
  }

  showPending() {
    this.pending.hidden = !this.attached.length;
    this.pending.replaceChildren(...this.attached.map((one, index) =>
      el("div", { "data-testid": "pending" },
        one.preview ? el("img", { src: one.preview, alt: "" }) : el("span", { class: "doc" }, one.content.name.split(".").pop()),
        el("button", { type: "button", title: "移除", onclick: () => { this.attached.splice(index, 1); this.showPending(); } }, "×"))));
  }

  async send() {
    const text = this.text.value.trim();
    if (this.editing) {
      const message = this.editing.id;
      this.stopEditing();
      if (text) this.phone.attempt(post("edit", { ...this.place, message, text }));
      return;
    }
    const attached = this.attached.splice(0);
    this.showPending();
    this.text.value = "";
    this.fit();
    const pictures = attached.filter((one) => !one.content.document).map((one) => one.content);
    const documents = attached.filter((one) => one.content.document).map((one) => one.content);
    if (pictures.length) await this.phone.attempt(post("photo", { ...this.place, pictures, caption: text }));
    for (const [index, file] of documents.entries()) {
      const caption = !pictures.length && index === 0 ? text : "";
      const { played, ...sent } = file;
      await this.phone.attempt(played ? post("voice", { ...this.place, ...sent, kind: played }) : post("document", { ...this.place, ...sent, caption }));
    }
    if (!attached.length && text) await this.phone.attempt(post("text", { ...this.place, text }));
  }
}
