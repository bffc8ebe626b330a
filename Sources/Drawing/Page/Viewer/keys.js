// SPDX-License-Identifier: MIT
// What keys do; the page's own list tells of them. Each page adds its own to those of looking.

const lookKeys = {
  c: (page) => page.takeNextCamera(),
  r: (page) => page.goHome(),
  f: (page) => page.toggle("forces"),
  v: (page) => page.toggle("velocity"),
  j: (page) => page.toggle("frames"),
  "?": () => at("keys").showModal(),
};

/** What a key asks for, of `keys`; undefined where it is a key of the browser, of a list, of a text or of a button. */
function actionOf(keys, event) {
  const isOn = (kind) => event.target instanceof Element && event.target.closest(kind) !== null;
  if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open || isOn("select, input[type=text]")) return undefined;
  if (event.key === " " && isOn("button, input[type=checkbox]")) return undefined;
  return keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}

/** Does what a key asks for. */
function press(page, keys, event) {
  const action = actionOf(keys, event);
  if (!action) return;
  action(page, event);
  event.preventDefault();
}
