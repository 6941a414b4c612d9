// What every phone on the wall has: its label, its clock, and the case around what its screen shows.

import { el, icon } from "./dom.js";

export class Handset {
  constructor(key) {
    this.key = key;
    this.state = null;
    this.label = el("b");
    this.sub = el("span");
    this.time = el("span");
  }

  // Marks stand behind the label; what happens on the whole phone is an attribute of it.
  assemble(shown, marks = [], attributes = {}) {
    this.screen = el("div", { class: "screen" },
      el("div", { class: "status" }, this.time, icon("battery")), ...shown, el("div", { class: "home" }));
    this.node = el("section", { class: "phone", "data-testid": `phone-${this.key}`, ...attributes },
      el("div", { class: "phone-label" }, el("i"), this.label, this.sub, ...marks),
      el("div", { class: "device" }, this.screen));
  }

  setTime(text) {
    this.time.textContent = text;
  }

  update(state) {
    this.state = state;
    this.node.style.setProperty("--accent", state.accent);
    this.label.textContent = state.label || state.name;
    this.sub.textContent = state.subtitle;
  }
}
