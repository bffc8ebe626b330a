// SPDX-License-Identifier: MIT
// Elements of the page, and the colours of its style.

const at = (id) => document.getElementById(id);

/** An element with these properties; texts are set as texts, never as markup. */
function element(kind, properties = {}) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role") made.setAttribute("role", value);
    else made[name] = value;
  }
  return made;
}

let inkCache = null;

/** The colours of texts and lines, as the style has them. */
function inks() {
  if (inkCache) return inkCache;
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "faint", "line", "axis", "panel", "low", "high", "ground", "grid", "shade"];
  inkCache = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return inkCache;
}

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
