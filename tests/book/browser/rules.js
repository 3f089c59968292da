// What must hold on every page. Each rule returns what breaks it, in words.
({
  math: () => {
    const notSet = [...document.querySelectorAll(".math")]
      .filter((formula) => !formula.querySelector("mjx-container math"))
      .map((formula) => `not set: ${formula.textContent.trim().slice(0, 80)}`);
    const errors = [...document.querySelectorAll("mjx-merror, math merror")].map(
      (error) => `error in: ${error.closest("mjx-container").textContent.slice(0, 80)}`,
    );
    // MathJax shows a macro that it does not know by its name, in red, without an error.
    const unknown = [...document.querySelectorAll("math mtext")]
      .filter((text) => text.textContent.startsWith("\\"))
      .map((text) => `unknown macro: ${text.textContent}`);
    return [...notSet, ...errors, ...unknown];
  },

  "raw TeX": () => {
    const code = "code, pre, script, style, noscript, textarea, mjx-container, .math";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest(code) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    const found = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.nodeValue;
      if (/\$|\\[(\[a-zA-Z]/.test(text)) found.push(text.trim().slice(0, 80));
    }
    return found;
  },

  images: async () => {
    const check = async (image) => {
      image.loading = "eager";
      await image.decode().catch(() => null);
      return image.naturalWidth > 0 ? [] : [image.getAttribute("src")];
    };
    return (await Promise.all([...document.images].map(check))).flat();
  },

  "alternative text": () => {
    const words = (text) => text.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
    const silent = (image) => {
      const text = image.getAttribute("alt");
      if (text === null || /\.(gif|jpe?g|png|svg|webp)\b/i.test(text)) return true;
      return image.closest("article") !== null && words(text) < 5;
    };
    return [...document.images]
      .filter(silent)
      .map((image) => `${image.getAttribute("src")}: ${image.getAttribute("alt")}`);
  },

  // Everything that opens is open, since what is hidden takes no room.
  "sideways scroll": () => {
    document.querySelectorAll("details").forEach((each) => (each.open = true));
    document.querySelectorAll(".toggle-hidden").forEach((each) => each.classList.remove("toggle-hidden"));
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = (element) => {
      for (let box = element; box !== document.body; box = box.parentElement)
        if (getComputedStyle(box).overflowX !== "visible" || getComputedStyle(box).position === "fixed")
          return true;
      return false;
    };
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element),
    );
    const shown = wide.map((e) => `${e.tagName} ${e.className}: ${e.textContent.trim().slice(0, 60)}`);
    return [`${document.documentElement.scrollWidth} px wide`, ...shown.slice(0, 5)];
  },
})
