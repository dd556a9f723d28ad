// Elements without markup: every text becomes a text node, so none can become an element.

import { argument } from "./text.js";

/**
 * Makes an element: `h("li.row", { title, onclick }, "text", child)`. The attributes are optional. A key that begins
 * with `on` is an event listener; attributes and children without a value are left out.
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

/** Makes a command line, which runs from left to right whatever its words contain. */
export const commandLine = (words) => h("bdi.code", { dir: "ltr" }, words.map((word, index) => [index > 0 && " ", h("bdi", { dir: "ltr" }, argument(word))]));

export const byId = (id) => document.getElementById(id);

/** Sets the text if it differs: writing even the same text causes a layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute if it differs; removes it for `undefined` and `false`. */
export function put(element, name, value) {
  if (value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Makes `elements` the children of `parent`, without moving those that are already in place. */
export function arrange(parent, elements) {
  const kept = new Set(elements);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
}

/** Makes the sign of a state. The word for the state is shown next to it. */
export const sign = (state) => h("span.sign", { "data-state": state });

/** Makes a button that `actions.js` handles; without a text it is an icon. */
export const actionButton = (action, title, text) => h(text ? "button" : `button.icon.icon-${action}`,
  { type: "button", "data-action": action, title }, text);

/** Makes a link to the port, which unlike a button can be middle-clicked and copied. */
export function openLink(port, text) {
  const link = h(text ? "a.button.open" : "a.icon.icon-open.open", { target: "_blank", rel: "noreferrer" }, text);
  leadTo(link, port);
  return link;
}

/** Makes a link of `openLink` lead to another port. It is hidden when `isForeign`: it would lead to another server. */
export function leadTo(link, port, isForeign = false) {
  const href = `http://localhost:${port}/`;
  // Without an address, neither a click nor a key can open it.
  put(link, "href", isForeign ? undefined : href);
  put(link, "title", `Open ${href}`);
  link.hidden = isForeign;
}

/** Makes a list of names and values. Names without a value are left out. */
export const facts = (pairs) => h("dl.facts", Object.entries(pairs).map(([name, value]) =>
  value && value.length !== 0 && [h("dt", name), h("dd", { "data-fact": name }, value)]));
