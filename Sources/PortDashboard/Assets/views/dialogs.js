// A modal dialog that stays open until the daemon has accepted its request, and shows why it was refused.

import { h, put, setText } from "../dom.js";
import { toast } from "./toast.js";
import { keepFocus } from "./ports.js";
import { remedyButtons } from "./remedies.js";

/**
 * Opens a dialog. `submit()` sends the request and returns the message of success, `refused()` may add to that of a
 * refusal, and `closed()` is called at the end. `remedies` has, by name, what changes the form before a remedy repeats the
 * request. Returns a function that changes the title and the button.
 */
export function openDialog({ kind, title, content, confirm, isDangerous, focus, submit, refused, closed, remedies = {} }) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const refusal = h("p.refusal", { role: "alert" });
  const cancel = h("button.cancel", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const button = h(`button.confirm.${isDangerous ? "danger" : "primary"}`, confirm);
  const form = h("form", { method: "dialog", onsubmit: send }, heading, content, refusal, h("div.buttons", cancel, button));
  const dialog = h(`dialog.modal.${kind}`, { "aria-labelledby": "dialog-title", onclose: close }, form);
  const restoreFocus = keepFocus();

  async function send(event) {
    event.preventDefault();
    if (dialog.classList.contains("busy")) return;
    dialog.classList.add("busy");
    refusal.replaceChildren();
    try {
      const [message, hint] = [await submit()].flat();
      dialog.close();
      toast(message, { hint });
    } catch (error) {
      if (!dialog.open) toast(error.message, { failed: true, hint: error.hint });
      refusal.replaceChildren(...[error.message, h("span.hint", error.hint), buttons(error)].filter(Boolean));
      put(refusal, "data-code", error.code);
      refused?.(error, refusal);
    }
    dialog.classList.remove("busy");
  }

  function buttons(error) {
    const change = { retry: () => {}, ...remedies };
    const repeat = (name) => [name, () => { change[name](); form.requestSubmit(); }];
    return remedyButtons(error.remedies, Object.fromEntries(Object.keys(change).map(repeat)), () => dialog.close());
  }

  function close() {
    closed?.();
    dialog.remove();
    restoreFocus();
  }

  document.body.append(dialog);
  dialog.showModal();
  // Enter alone must not confirm a dangerous action.
  (focus ?? (isDangerous ? cancel : button)).focus();
  return (title, confirm, isEnabled = true) => {
    setText(heading, title);
    setText(button, confirm);
    if (!isEnabled && document.activeElement === button) cancel.focus();
    button.disabled = !isEnabled;
  };
}

export function checkbox(name, isChecked, ...text) {
  const input = h("input", { type: "checkbox", name, checked: isChecked && "" });
  return { input, label: h("label.check", input, h("span", text)) };
}
