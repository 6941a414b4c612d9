// Small tools for building the page without markup in strings.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  back: ["0 0 10 18", '<path d="M8.5 1.5 1.5 9l7 7.5" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>'],
  clip: ["0 0 24 24", '<path d="m20 11.5-8.3 8.3a5.4 5.4 0 0 1-7.6-7.6l8.6-8.6a3.6 3.6 0 0 1 5.1 5.1l-8.3 8.3a1.8 1.8 0 0 1-2.6-2.6l7.5-7.4" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>'],
  send: ["0 0 24 24", '<path d="M12 20V5M5.5 11.5 12 5l6.5 6.5" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>'],
  once: ["0 0 12 10", '<path d="m1 5.5 3 3L10.5 1.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>'],
  twice: ["0 0 17 10", '<path d="m1 5.5 3 3L10.5 1.5M7.5 8.2l.5.3L15 1.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>'],
  lock: ["0 0 14 16", '<path d="M3.5 7V4.8a3.5 3.5 0 0 1 7 0V7M2.5 7h9v7.5h-9z" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"/>'],
  close: ["0 0 18 18", '<path d="m4 4 10 10M14 4 4 14" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>'],
  again: ["0 0 18 18", '<path d="M15.5 9A6.5 6.5 0 1 1 13 3.9M13.4 1v3.4H10" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>'],
  window: ["0 0 18 18", '<path d="M7 3H3v12h12v-4M10 2h6v6M15.5 2.5 8 10" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>'],
  file: ["0 0 24 24", '<path d="M12 4v11m-5-4.5 5 5 5-5M5 20h14" fill="none" stroke="currentColor" stroke-width="2.3" stroke-linecap="round" stroke-linejoin="round"/>'],
  play: ["0 0 24 24", '<path d="M8 5v14l11-7z" fill="currentColor"/>'],
  battery: ["0 0 46 14", '<path d="M1 11h2.2v2H1zM5 8h2.2v5H5zM9 5h2.2v8H9zM13 2h2.2v11H13z" fill="currentColor"/><rect x="21" y="1.5" width="20" height="11" rx="3.2" fill="none" stroke="currentColor" stroke-width="1.2" opacity=".5"/><rect x="23" y="3.5" width="15" height="7" rx="1.8" fill="currentColor"/><path d="M42.5 5.2v3.6c1.2-.3 1.8-1 1.8-1.8s-.6-1.5-1.8-1.8z" fill="currentColor" opacity=".5"/>'],
};

export function icon(name, className = "") {
  const [box, shapes] = PATHS[name];
  const holder = document.createElement("template");
  holder.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" aria-hidden="true">${shapes}</svg>`;
  const svg = holder.content.firstChild;
  if (className) svg.setAttribute("class", className);
  return svg;
}

const TONES = ["#e17076", "#eda86c", "#a695e7", "#7bc862", "#6ec9cb", "#65aadd", "#ee7aae"];
export const toneOf = (id) => TONES[Math.abs(Number(id)) % TONES.length];

export function avatar(name, tone) {
  const node = el("span", { class: "avatar" }, [...name][0] ?? "?");
  node.style.setProperty("--tone", tone);
  return node;
}

// A menu beside its anchor, or inside a phone; a click anywhere else closes it.
export function openMenu(menu, place) {
  const scrim = document.getElementById("scrim");
  const close = () => {
    menu.remove();
    scrim.hidden = true;
    scrim.onclick = null;
  };
  scrim.hidden = false;
  scrim.onclick = close;
  place(menu);
  return close;
}

export function below(anchor) {
  return (menu) => {
    document.body.append(menu);
    const box = anchor.getBoundingClientRect();
    const left = Math.min(box.left, innerWidth - menu.offsetWidth - 12);
    const under = box.bottom + 6;
    const top = under + menu.offsetHeight > innerHeight ? box.top - menu.offsetHeight - 6 : under;
    menu.style.left = `${left + scrollX}px`;
    menu.style.top = `${Math.max(top, 6) + scrollY}px`;
  };
}
