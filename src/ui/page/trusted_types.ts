/// <reference types="trusted-types" />

/**
 * The policy of the built page lets no string become a script. Workers are started by their address all the same, and those
 * that are served with the page are trusted; Lit has a policy of its own, for its templates.
 */
window.trustedTypes?.createPolicy('default', {
  createScriptURL(address) {
    if (new URL(address, location.href).origin === location.origin) return address;
    throw new TypeError(`No script is loaded from ${address}`);
  },
});
