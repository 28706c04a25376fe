// The notice that a passkey has been saved without a window (L3 conditional create), with the way to take it back. It stays for ten
// seconds, and as long as the mouse or the keyboard is in it. The toolbar has the same for later.
(() => {
  "use strict";
  const { canDraw, element, icon, open, words } = globalThis.keystow.surface;
  const { i18n } = globalThis.chrome;

  // In milliseconds.
  const STAY = 10_000;

  // `undo()` takes the passkey back, and gives whether it is gone.
  globalThis.keystow.showSaved = (rpId, undo) => {
    if (!canDraw() || document.hidden) return;
    let timer;
    const text = element("p", { role: "status" });
    const take = element("button", { class: "undo", type: "button" }, i18n.getMessage("undo"));
    const shut = element("button", { "aria-label": i18n.getMessage("close"), class: "shut", type: "button" }, "×");
    const { close, host, panel, root } = open(document.documentElement, CSS, (panel) => panel.append(icon(), text, take, shut));
    // A place that is there before its text is read out.
    setTimeout(() => text.append(...words("saved", rpId)), 50);

    const wait = () => { timer = setTimeout(close, STAY); };
    const hold = () => clearTimeout(timer);
    const go = () => {
      hold();
      if (!panel.matches(":hover") && !root.activeElement) wait();
    };
    for (const name of ["pointerenter", "focusin"]) panel.addEventListener(name, hold);
    for (const name of ["pointerleave", "focusout"]) panel.addEventListener(name, () => setTimeout(go));
    wait();

    panel.addEventListener("keydown", (event) => {
      if (event.isTrusted && event.key === "Escape") close();
    });
    shut.addEventListener("click", close);
    take.addEventListener("click", async (event) => {
      if (!event.isTrusted) return;
      hold();
      take.remove();
      text.textContent = i18n.getMessage("working");
      const isGone = await undo();
      if (isGone) text.replaceChildren(...words("savedUndone", rpId));
      else text.textContent = i18n.getMessage("savedNotUndone");
      if (host.isConnected) go();
    });
  };

  const CSS = `
    .panel { inset-block-start: 16px; inset-inline-end: 16px; display: flex; align-items: center; gap: 10px; padding: 8px 8px 8px 14px; }
    p { margin: 0; min-inline-size: 0; }
    button { min-block-size: 36px; min-inline-size: 36px; padding: 6px 10px; border-radius: 8px; }
    button { flex: none; overflow-wrap: normal; text-align: center; }
    .undo { color: var(--accent); font-weight: 600; }
    .shut { font-size: 18px; line-height: 1; }
  `;
})();
