// The filter: search, states and apps. It is part of the address, for reloads and bookmarks.

import { byId, h, put, setText, sign } from "../dom.js";
import { compareApps, isFiltering, portFilter, states, unique } from "../data/model.js";
import { grouped, visible } from "../text.js";

export const address = () => new URLSearchParams(location.search);

/** Sets parameters of the address, or removes them when empty. */
export function setAddress(values) {
  const parameters = address();
  for (const key in values) values[key] ? parameters.set(key, values[key]) : parameters.delete(key);
  history.replaceState(null, "", parameters.size ? `?${parameters}` : location.pathname);
}

export function showFilter(store) {
  const [search, choice] = [byId("search"), byId("app")];
  let known;

  function set(part) {
    const filter = { ...store.filter, ...part };
    store.set("filter", filter);
    if (search.value !== filter.text) search.value = filter.text;
    setAddress(filter);
  }

  const chips = ["", ...states].map((state) => {
    const count = h("span.number");
    const onclick = () => set({ state: store.filter.state === state ? "" : state });
    const chip = h("button.chip", { type: "button", "data-state": state || "all", onclick }, state && sign(state), `${state || "all"} `, count);
    return { state, chip, count };
  });

  function render() {
    const { filter, allocations } = store;
    const matches = portFilter({ ...filter, state: "" });
    const found = [...allocations.keys()].map((port) => store.about(port)).filter(Boolean).filter(matches);
    const number = (state) => grouped(found.filter((about) => !state || about.state === state).length);
    for (const { state, chip, count } of chips) {
      put(chip, "aria-pressed", String(filter.state === state));
      setText(count, number(state));
    }
    setText(byId("shown"), isFiltering(filter) ? `${number(filter.state)} of ${grouped(allocations.size)}` : "");

    const apps = unique([...allocations.values()].map(({ body }) => body.app).concat(filter.app || [])).sort(compareApps);
    // Replaced only when the apps have changed, because the menu may be open.
    if (known !== (known = JSON.stringify(apps))) {
      choice.replaceChildren(h("option", { value: "" }, "all apps"), ...apps.map((app) => h("option", { value: app }, visible(app))));
    }
    choice.value = filter.app;
  }

  byId("states").append(...chips.map(({ chip }) => chip));
  search.addEventListener("input", () => set({ text: search.value }));
  choice.addEventListener("change", () => set({ app: choice.value }));
  store.subscribe(({ all, ports, topics }) => (all || ports.size || topics.has("filter")) && render());
  const [text, state, app] = ["text", "state", "app"].map((key) => address().get(key) ?? "");
  set({ text, state: states.includes(state) ? state : "", app });
  return set;
}
