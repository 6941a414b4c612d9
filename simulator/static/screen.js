// A large screen before the wall: what a phone's link opens of the program whose pages the wall may show.

import { el, icon } from "./dom.js";

const PAGE_WIDTH = 1280; // pixels; the frame is scaled to the screen

export class ScreenView {
  constructor(reopen) {
    this.reopen = reopen; // the button that brings the screen back
    this.reopen.addEventListener("click", () => this.show(true));
    this.site = el("span", { class: "site" });
    this.frame = el("iframe", { title: "大屏", "data-testid": "screen-page" });
    this.page = el("div", { class: "page" }, this.frame);
    new ResizeObserver(() => this.fit()).observe(this.page);
    this.node = el("div", { class: "monitor", hidden: true, "data-testid": "screen" },
      el("div", { class: "monitor-glass" },
        el("div", { class: "address" }, this.site,
          el("button", { type: "button", title: "收起", "data-testid": "screen-close", onclick: () => this.show(false) }, icon("close"))),
        this.page),
      el("div", { class: "monitor-foot" }));
    document.body.append(this.node);
  }

  open(address) {
    this.site.textContent = new URL(address).host;
    this.frame.src = address;
    this.show(true);
  }

  show(isShown) {
    this.node.hidden = !isShown;
    this.reopen.hidden = isShown;
    this.fit();
  }

  fit() {
    const scale = this.page.clientWidth / PAGE_WIDTH;
    if (!scale) return;
    this.frame.style.width = `${PAGE_WIDTH}px`;
    this.frame.style.height = `${this.page.clientHeight / scale}px`;
    this.frame.style.transform = `scale(${scale})`;
  }
}
