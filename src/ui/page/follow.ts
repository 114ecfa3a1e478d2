import type { ReactiveControllerHost } from 'lit';

/**
 * Draws an element anew at every `change` of what it shows, as long as it stands in the page.
 * @param targets asked for when the element comes into the page
 */
export function follow(host: ReactiveControllerHost, targets: () => readonly EventTarget[]): void {
  const draw = () => host.requestUpdate();
  let followed: readonly EventTarget[] = [];
  host.addController({
    hostConnected() {
      followed = targets();
      for (const target of followed) target.addEventListener('change', draw);
      draw(); // what changed while it was away
    },
    hostDisconnected() {
      for (const target of followed) target.removeEventListener('change', draw);
    },
  });
}
