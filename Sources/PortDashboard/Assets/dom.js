// Elements without markup: every text becomes a text node, so none can become an element.

import { argument } from "./text.js";

/**
 * `h("li.row", { title, onclick }, "text", child)`; attributes may be missing. A key that begins with `on` is a listener;
 * what has no value is left out.
 */
export function h(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  const attributes = rest[0]?.constructor === Object ? rest.shift() : {};
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else put(element, key, value);
  }
  element.append(...rest.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** A command line: left to right, whatever is written in it. */
export const commandLine = (words) => h("bdi.code", { dir: "ltr" }, words.map((word, index) => [index > 0 && " ", h("bdi", { dir: "ltr" }, argument(word))]));

export const byId = (id) => document.getElementById(id);

/** Writes only what differs: a write, even of the same text, costs a layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** As `setText`, for an attribute; without a value it is removed. */
export function put(element, name, value) {
  if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Makes `elements` the children of `parent`, and moves none that is in its place. */
export function arrange(parent, elements) {
  const kept = new Set(elements);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
}

/** The sign of a state, whose word stands beside it. */
export const sign = (state) => h("span.sign", { "data-state": state });

/** A button that `actions.js` hears; one without a text is an icon. */
export const actionButton = (action, title, text) => h(text ? "button" : `button.icon.icon-${action}`,
  { type: "button", "data-action": action, title }, text);

/** A link, so that it can be middle-clicked and copied. */
export function openLink(port, text) {
  const href = `http://localhost:${port}/`;
  const title = `Open ${href}`;
  return h(text ? "a.button.open" : "a.icon.icon-open.open", { href, target: "_blank", rel: "noreferrer", title }, text);
}

/** Names and values; those without a value are left out. */
export const facts = (pairs) => h("dl.facts", Object.entries(pairs).map(([name, value]) =>
  value && value.length !== 0 && [h("dt", name), h("dd", { "data-fact": name }, value)]));
