// SPDX-License-Identifier: MIT
// What keys do; body.html lists them.

const keys = {
  " ": ({player}) => player.toggle(),
  ArrowLeft: ({player}, {shiftKey}) => (shiftKey ? player.seek(player.time - 1) : player.step(-1)),
  ArrowRight: ({player}, {shiftKey}) => (shiftKey ? player.seek(player.time + 1) : player.step(1)),
  ArrowUp: ({player}) => player.change(1),
  ArrowDown: ({player}) => player.change(-1),
  Home: ({player}) => player.seek(0),
  End: ({player}) => player.seek(player.duration),
  c: (page) => page.takeNextCamera(),
  r: (page) => page.goHome(),
  f: (page) => page.toggle("forces"),
  v: (page) => page.toggle("velocity"),
  j: (page) => page.toggle("frames"),
  "?": () => at("keys").showModal(),
};
for (let digit = 1; digit <= 9; digit++) keys[digit] = (page) => page.choose(digit - 1);

/** Does what a key asks for; keys of the browser, of lists and of buttons stay theirs. */
function press(page, event) {
  const isOn = (kind) => event.target instanceof Element && event.target.closest(kind) !== null;
  if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open || isOn("select")) return;
  if (event.key === " " && isOn("button")) return;
  const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  action(page, event);
  event.preventDefault();
}
