// Message text with its entities as nodes; offsets are UTF-16 units, as JavaScript counts.

import { el } from "./dom.js";

export function richText(text, entities, onCommand) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const box = el("div", { class: "words", "data-testid": "message-text" });
  // A phone shows a deep link's START without what the link carried.
  const shown = /^\/start [\w-]+$/.test(text) ? "/start".length : text.length;
  fill(box, text, sorted, 0, shown, onCommand);
  return box;
}

function fill(parent, text, entities, start, end, onCommand) {
  let at = start;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    if (entity.offset < at) continue;
    const stop = Math.min(entity.offset + entity.length, end);
    parent.append(text.slice(at, entity.offset));
    const inner = entities.slice(index + 1).filter((one) => one.offset < stop);
    const node = nodeFor(entity, text.slice(entity.offset, stop), onCommand);
    fill(node, text, inner, entity.offset, stop, onCommand);
    parent.append(node);
    // The line break after a block is the block's own end.
    at = BLOCKS.has(node.tagName) && text[stop] === "\n" ? stop + 1 : stop;
  }
  parent.append(text.slice(at, end));
}

const BLOCKS = new Set(["PRE", "BLOCKQUOTE"]);
const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };

function nodeFor(entity, part, onCommand) {
  switch (entity.type) {
    case "text_link":
    case "url":
      return el("a", { href: entity.url ?? part, target: "_blank", rel: "noopener noreferrer" });
    case "bot_command":
      return el("a", { href: "#", onclick: (event) => { event.preventDefault(); onCommand(part); } });
    case "mention":
    case "hashtag":
    case "email":
      return el("a", {});
    case "spoiler":
      return el("span", { class: "spoiler", onclick: (event) => event.currentTarget.classList.add("open") });
    case "expandable_blockquote":
      return el("blockquote", { class: "folded", onclick: (event) => event.currentTarget.classList.remove("folded") });
    default:
      return el(PLAIN[entity.type] ?? "span");
  }
}
