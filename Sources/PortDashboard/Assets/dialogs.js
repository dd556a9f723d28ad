// A question that stays open until the daemon has done what it asks, and shows why it did not.

import { h, put, setText } from "./dom.js";
import { toast } from "./toast.js";
import { keepFocus } from "./view-ports.js";

/**
 * `submit()` sends the request and returns what is then said, `refused()` may say more, `closed()` is the end. Returns a
 * function that changes title and button.
 */
export function ask({ kind, title, content, confirm, isDangerous, focus, submit, refused, closed }) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const refusal = h("p.refusal", { role: "alert" });
  const cancel = h("button.cancel", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const button = h(`button.confirm.${isDangerous ? "danger" : "primary"}`, confirm);
  const form = h("form", { method: "dialog", onsubmit: send }, heading, content, refusal, h("div.buttons", cancel, button));
  const dialog = h(`dialog.modal.${kind}`, { "aria-labelledby": "dialog-title", onclose: close }, form);
  const goBack = keepFocus();

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
      refusal.replaceChildren(error.message, h("span.hint", error.hint));
      put(refusal, "data-code", error.code);
      refused?.(error, refusal);
    }
    dialog.classList.remove("busy");
  }

  function close() {
    closed?.();
    dialog.remove();
    goBack();
  }

  document.body.append(dialog);
  dialog.showModal();
  // Where it is dangerous, Enter alone must not do it.
  (focus ?? (isDangerous ? cancel : button)).focus();
  return (title, confirm, isPossible = true) => {
    setText(heading, title);
    setText(button, confirm);
    if (!isPossible && document.activeElement === button) cancel.focus();
    button.disabled = !isPossible;
  };
}

export function checkbox(name, isChecked, ...text) {
  const input = h("input", { type: "checkbox", name, checked: isChecked && "" });
  return { input, label: h("label.check", input, h("span", text)) };
}
