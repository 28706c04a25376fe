// What Keystow draws into a page: a popover in the top layer, in a closed shadow root, styled by a constructed sheet, which no
// Content-Security-Policy of the page forbids. It may be covered, copied or moved by a page all the same, so nothing is decided here and
// nothing private is shown: a click opens Keystow's own window, or takes something back.
(() => {
  "use strict";
  const { keystow } = globalThis;
  const { i18n, storage } = globalThis.browser ?? globalThis.chrome;
  const SVG = "http://www.w3.org/2000/svg";

  keystow.surface = { canDraw, element, open, words };

  // Whether this document is one that takes HTML elements.
  function canDraw() {
    const root = document.documentElement;
    return root instanceof HTMLElement && typeof root.showPopover === "function";
  }

  // Opens a surface in `parent` around what `fill(panel)` puts into it. {host, root, panel, close}
  function open(parent, css, fill) {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS + css);
    root.adoptedStyleSheets = [sheet];
    const panel = element("div", { class: "panel", dir: i18n.getMessage("@@bidi_dir"), lang: i18n.getMessage("language"), role: "group" });
    panel.setAttribute("aria-label", i18n.getMessage("product"));
    fill(panel);
    wear(panel);
    root.append(panel);
    host.popover = "manual";
    parent.append(host);
    host.showPopover();
    return { close: () => host.remove(), host, panel, root };
  }

  // The colours that the user has chosen for what is Keystow's, as in screen.js; not to be seen from outside. Else the system's.
  async function wear(panel) {
    try {
      const { preferences } = await storage.local.get("preferences");
      if (preferences?.theme) panel.dataset.theme = preferences.theme;
    } catch {} // An extension that was taken out of this page has no storage any more.
  }

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    made.append(...children);
    return made;
  }

  // The text of `key`, its argument in an element of its own so that neither changes the direction of the other.
  function words(key, argument) {
    const [before, after] = i18n.getMessage(key, ["\ufffc"]).split("\ufffc");
    return [before, element("bdi", {}, argument), after];
  }

  keystow.surface.icon = () => {
    const icon = document.createElementNS(SVG, "svg");
    icon.setAttribute("viewBox", "0 0 128 128");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    for (const [name, attributes] of ICON) {
      const shape = document.createElementNS(SVG, name);
      for (const [attribute, value] of Object.entries(attributes)) shape.setAttribute(attribute, value);
      icon.append(shape);
    }
    return icon;
  };

  const ICON = [
    ["rect", { fill: "#14746f", height: "128", rx: "30", width: "128" }],
    ["path", {
      d: "M64 12a28 28 0 0 1 28 28a28 28 0 0 1-28 28a28 28 0 0 1-28-28a28 28 0 0 1 28-28zm0 16a12 12 0 0 0-12 12a12 12 0 0 0 12 12a12 12 0 0 0 12-12a12 12 0 0 0-12-12zM56 62h16v8h24v12H72v8h16v10H56z",
      fill: "#fffaf0", "fill-rule": "evenodd",
    }],
    ["path", { d: "M0 100h128a30 30 0 0 1-30 28H30a30 30 0 0 1-30-28z", fill: "#0b4f4c" }],
  ];

  // The host covers the view and lets everything through; its panel is placed in it. Important rules of a shadow tree's :host win over
  // all that the page can say of the host.
  const CSS = `
    :host {
      all: initial !important;
      position: fixed !important;
      inset: 0 !important;
      inline-size: auto !important;
      block-size: auto !important;
      display: block !important;
      direction: ltr !important;
      overflow: hidden !important;
      background: none !important;
      pointer-events: none !important;
      color-scheme: light dark !important;
      --ground: light-dark(#ffffff, #1e2427);
      --ink: light-dark(#1b2427, #eef2f2);
      --line: light-dark(#b9c0c3, #4d585d);
      --accent: light-dark(#12665f, #6fd0c4);
      --tint: light-dark(#e3f1ef, #17302e);
    }
    :host::backdrop { display: none !important; }
    .panel[data-theme="light"] { color-scheme: light; }
    .panel[data-theme="dark"] { color-scheme: dark; }
    .panel, .panel * { box-sizing: border-box; }
    .panel {
      position: absolute;
      max-inline-size: min(360px, calc(100vw - 16px));
      border: 1px solid var(--line);
      border-radius: 10px;
      background: var(--ground);
      color: var(--ink);
      box-shadow: 0 4px 16px rgb(0 0 0 / 22%);
      font: 14px/1.4 system-ui, sans-serif;
      overflow-wrap: anywhere;
      pointer-events: auto;
    }
    .panel[hidden] { display: none; }
    button { margin: 0; border: 0; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
    button:hover { background: var(--tint); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; }
    bdi { font-weight: 600; }
    .icon { flex: none; inline-size: 24px; block-size: 24px; }
    .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  `;
})();
