// The invitation beside a field: while a conditional request is parked, focusing an <input autocomplete="… webauthn"> shows
// "Use a passkey for example.com", if Keystow holds one. It names no account. The click opens Keystow's window.
//
// Nothing is listened to and nothing is looked at before watch().
(() => {
  "use strict";
  const { canDraw, element, icon, open, words } = globalThis.keystow.surface;
  const { dom, i18n } = globalThis.chrome;

  // L3 §5.1.4: the token stands last in the attribute.
  const TOKEN = /(^|\s)webauthn\s*$/i;
  const FIELDS = 'input[autocomplete~="webauthn" i], textarea[autocomplete~="webauthn" i]';

  // In CSS pixels: from the field, and from the edges of the view.
  const GAP = 4;
  const MARGIN = 8;

  // In milliseconds, for what moves a field without a scroll event, or takes it away.
  const LOOK = 250;

  globalThis.keystow.hasField = (root = document) => {
    if (root.querySelector(FIELDS)) return true;
    return Array.from(root.querySelectorAll("*")).some((element) => {
      const inner = element.shadowRoot ?? (element.localName.includes("-") ? shadowOf(element) : null);
      return inner !== null && globalThis.keystow.hasField(inner);
    });
  };

  globalThis.keystow.Invitation = class {
    #offer;
    #take;
    #listening = new AbortController();
    #roots = new WeakSet();
    #surface = null;
    #field = null;
    // The field at which the user has closed the invitation, or gone on without it.
    #dismissed = null;

    // `offer()` gives the RP ID of what Keystow holds, or nothing; it is asked when a field has the focus. `take()`: the user accepts.
    constructor(offer, take) {
      this.#offer = offer;
      this.#take = take;
      if (!canDraw()) return;
      this.#watch(window);
      this.#on(window, "keydown", this.#key);
      this.#on(window, "pointerdown", this.#press);
      this.#on(window, "input", this.#typed);
      this.#look();
    }

    end() {
      this.#listening.abort();
      this.#close();
    }

    #on(target, name, act) {
      target.addEventListener(name, act, { capture: true, signal: this.#listening.signal });
    }

    // A move of the focus inside a shadow tree is not told outside of it.
    #watch(root) {
      if (this.#roots.has(root)) return;
      this.#roots.add(root);
      this.#on(root, "focusin", this.#look);
      // Between two elements nothing has the focus.
      this.#on(root, "focusout", () => setTimeout(this.#look));
    }

    #active() {
      let active = document.activeElement;
      while (active && active !== this.#surface?.host) {
        const root = shadowOf(active);
        if (!root) break;
        this.#watch(root);
        if (!root.activeElement) break;
        active = root.activeElement;
      }
      return active;
    }

    #look = () => {
      if (this.#listening.signal.aborted) return;
      const active = this.#active();
      if (this.#surface && (active === this.#surface.host || active === this.#field)) return;
      this.#close();
      if (active !== this.#dismissed) this.#dismissed = null;
      if (isField(active) && !this.#dismissed) this.#show(active);
    };

    async #show(field) {
      const rpId = await this.#offer();
      const isWanted = rpId && !this.#surface && !this.#dismissed && !this.#listening.signal.aborted;
      if (!isWanted || this.#active() !== field) return;
      this.#field = field;
      this.#surface = open(modalAround(field) ?? document.documentElement, CSS, (panel) => fill(panel, rpId));
      this.#surface.root.querySelector("button").addEventListener("click", (event) => {
        if (!event.isTrusted) return;
        this.#dismiss();
        this.#take();
      });
      // The field keeps the focus while the mouse is used.
      this.#surface.panel.addEventListener("mousedown", (event) => event.preventDefault());
      this.#place();
      for (const name of ["resize", "scroll"]) addEventListener(name, this.#place, { capture: true, passive: true });
      this.#surface.timer = setInterval(this.#place, LOOK);
    }

    #close() {
      if (!this.#surface) return;
      clearInterval(this.#surface.timer);
      for (const name of ["resize", "scroll"]) removeEventListener(name, this.#place, { capture: true });
      this.#surface.close();
      this.#surface = null;
      this.#field = null;
    }

    #dismiss() {
      this.#dismissed = this.#field;
      this.#close();
    }

    // Below the field; above it where there is no room below; away while the field is out of view.
    #place = () => {
      const { host, panel } = this.#surface;
      if (!this.#field.isConnected || !host.isConnected) return this.#dismiss();
      const field = this.#field.getBoundingClientRect();
      const view = host.getBoundingClientRect();
      const isInView = field.width > 0 && field.bottom > 0 && field.right > 0 && field.top < view.height && field.left < view.width;
      panel.hidden = !isInView;
      if (!isInView) return;
      const { height, width } = panel.getBoundingClientRect();
      const isRightToLeft = getComputedStyle(this.#field).direction === "rtl";
      const left = isRightToLeft ? field.right - width : field.left;
      const below = field.bottom + GAP;
      const above = field.top - GAP - height;
      const top = below + height > view.height - MARGIN && above >= MARGIN ? above : below;
      panel.style.left = `${clamp(left, view.width - width - MARGIN)}px`;
      panel.style.top = `${clamp(top, view.height - height - MARGIN)}px`;
    };

    #key = (event) => {
      if (!event.isTrusted || event.isComposing) return;
      const active = this.#active();
      if (!this.#surface) {
        if (event.key === "ArrowDown" && active && active === this.#dismissed) {
          this.#dismissed = null;
          this.#show(active);
        }
        return;
      }
      const isInside = active === this.#surface.host;
      if (event.key === "Escape") {
        if (isInside) this.#field.focus();
        this.#dismiss();
      } else if (event.key === "ArrowDown" && !isInside) {
        this.#surface.root.querySelector("button").focus();
      } else if (event.key === "ArrowUp" && isInside) {
        this.#field.focus();
      } else {
        // Out of the invitation the keyboard goes on from the field, wherever the invitation stands in the document.
        if (event.key === "Tab" && isInside) this.#field.focus();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
    };

    // A field that has the focus already is asked again by a click.
    #press = (event) => {
      if (!event.isTrusted || !this.#dismissed || innermost(event) !== this.#dismissed) return;
      const field = this.#dismissed;
      this.#dismissed = null;
      if (this.#active() === field) this.#show(field);
    };

    // Who types has chosen another way; the field and what is below it are to be seen.
    #typed = (event) => {
      if (event.isTrusted && this.#surface && innermost(event) === this.#field) this.#dismiss();
    };
  };

  function fill(panel, rpId) {
    const said = element("span", { class: "unseen", role: "status" });
    panel.append(element("button", { type: "button" }, icon(), element("span", {}, ...words("usePasskey", rpId))), said);
    // A place that is there before its text is read out politely.
    setTimeout(() => { said.textContent = i18n.getMessage("usePasskeyHint", [rpId]); }, 150);
  }

  function isField(element) {
    const takesText = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    return takesText && TOKEN.test(element.getAttribute("autocomplete") ?? "");
  }

  // What is around an open modal dialog is inert, so the invitation must be in it.
  function modalAround(field) {
    for (let node = field; node; node = node.parentNode ?? node.host) {
      if (node instanceof HTMLElement && node.matches("dialog:modal")) return node;
    }
    return null;
  }

  function innermost(event) {
    const [target] = event.composedPath();
    const inner = target instanceof Element ? shadowOf(target)?.activeElement : null;
    return inner ?? target;
  }

  // Open or closed.
  function shadowOf(element) {
    if (!(element instanceof HTMLElement)) return null;
    return (dom ? dom.openOrClosedShadowRoot(element) : element.openOrClosedShadowRoot) ?? null;
  }

  function clamp(place, most) {
    return Math.max(MARGIN, Math.min(place, most));
  }

  const CSS = `
    .panel { overflow: clip; }
    button { display: flex; align-items: center; gap: 10px; inline-size: 100%; min-block-size: 44px; padding: 8px 14px 8px 12px; }
  `;
})();
