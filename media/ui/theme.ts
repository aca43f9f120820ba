/** Colours and fonts as the canvas needs them, from the page's CSS variables. */

/** A canvas understands neither var() nor light-dark(): an element resolves them. */
const probe = document.createElement('span');

export function color(variable: string): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.hidden = true;
  probe.style.color = `var(${variable})`;
  return getComputedStyle(probe).color;
}

/** @param pixels already scaled to the device, for drawing on the canvas itself */
export function font(pixels = 11): string {
  return `${pixels}px ${getComputedStyle(document.body).fontFamily}`;
}

/** Calls back when the editor's or the system's theme changes. */
export function onThemeChange(listener: () => void): void {
  // The editor rewrites the variables on <html> and the class of <body>.
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener);
  matchMedia('(forced-colors: active)').addEventListener('change', listener);
}
