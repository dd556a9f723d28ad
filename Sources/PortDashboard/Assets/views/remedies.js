// The remedies of a refusal as buttons, where the dashboard has the action. The hint says all of them in words.

import { h } from "../dom.js";

/** The label of each remedy, and the action of the page that it is. */
const actions = {
  kill: ({ port }) => [`Kill the process on ${port}`, "kill"],
  kill_if_occupied: ({ port }) => [`Kill the process on ${port}`, "kill"],
  release: ({ port }) => port && [`Release ${port}`, "release"],
  show_listeners: ({ port }) => [`Show ${port}`, "details"],
  show_history: ({ port }) => [`Show ${port}`, "details"],
};
const labels = { retry: "Try again", force: "Force kill" };

/**
 * Makes the buttons. `own` has the remedies that repeat the request of the dialog, by their names; another one is an
 * action of the page, before which `leave()` is called.
 */
export function remedyButtons(remedies = [], own, leave) {
  const buttons = remedies.map((remedy) => {
    const { action, port } = remedy;
    const more = { type: "button", "data-remedy": action };
    if (own[action]) return h("button", { ...more, onclick: own[action] }, labels[action]);
    const [label, name] = actions[action]?.(remedy) || [];
    return name && h("button", { ...more, "data-action": name, "data-port": port, onclick: leave }, label);
  });
  return buttons.some(Boolean) && h("span.remedies", buttons);
}
