// A phone without Telegram: a page of another program in its frame, with the buttons that a browser has.

import { el, icon } from "./dom.js";
import { Handset } from "./handset.js";

const PAGE_WIDTH = 360; // pixels, as on a cheap phone; the frame is scaled to the phone on the wall

export class BrowserView extends Handset {
  constructor(state) {
    super(state.key);
    this.state = state;
    this.depth = 0; // how far the page can go back without leaving the wall
    this.entries = history.length;
    this.build();
    this.update(state);
  }

  build() {
    this.site = el("span", { class: "site" });
    this.back = el("button", { type: "button", title: "后退", "data-testid": "page-back", disabled: true, onclick: () => this.goBack() }, icon("back"));
    this.home = el("button", { type: "button", title: "重新打开", "data-testid": "page-home", onclick: () => this.open(this.state.home) }, icon("again"));
    this.tab = el("a", { target: "_blank", rel: "noreferrer", title: "在新窗口打开", "data-testid": "page-tab" }, icon("window"));
    this.frame = el("iframe", { title: "网页", hidden: true, allow: "camera; microphone", "data-testid": "page" });
    this.frame.addEventListener("load", () => this.loaded());
    this.welcome = el("div", { class: "welcome" }, el("img", { src: "/static/icon.svg", alt: "" }), el("b", {}, "没装 Telegram 的手机"),
      el("span", {}, "点公告栏上的海报，用它扫码"));
    this.page = el("div", { class: "page" }, this.welcome, this.frame);
    new ResizeObserver(() => this.fit()).observe(this.page);
    this.assemble([el("div", { class: "address" }, this.back, this.site, this.home, this.tab), this.page]);
  }

  update(state) {
    super.update(state);
    this.site.textContent = new URL(state.home).host;
    this.tab.href = state.home;
  }

  open(address) {
    this.welcome.hidden = true;
    this.frame.hidden = false;
    this.frame.src = address;
    this.tab.href = address;
    this.fit();
  }

  // What another site's page does is not told; that the window's history has grown is.
  loaded() {
    if (this.frame.hidden) return;
    if (this.goingBack) this.depth -= 1;
    else if (history.length > this.entries) this.depth += 1;
    this.goingBack = false;
    this.entries = history.length;
    this.back.disabled = this.depth <= 0;
  }

  goBack() {
    if (this.depth <= 0) return;
    this.goingBack = true;
    history.back();
  }

  fit() {
    const { clientWidth, clientHeight } = this.page;
    const scale = clientWidth / PAGE_WIDTH;
    if (!scale) return;
    this.frame.style.width = `${PAGE_WIDTH}px`;
    this.frame.style.height = `${clientHeight / scale}px`;
    this.frame.style.transform = `scale(${scale})`;
  }
}
