// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
// (SC 2011): the same key and counter give the same four words on every machine, in any order. Twin: src/reference/philox.ts.

fn philox(first_key: vec2u, first_counter: vec4u) -> vec4u {
  var key = first_key;
  var counter = first_counter;
  for (var round = 0u; round < 10u; round++) {
    let high = vec2u(mulhi(0xD2511F53u, counter.x), mulhi(0xCD9E8D57u, counter.z));
    let low = vec2u(0xD2511F53u, 0xCD9E8D57u) * counter.xz;
    counter = vec4u(high.y ^ counter.y ^ key.x, low.y, high.x ^ counter.w ^ key.y, low.x);
    key += vec2u(0x9E3779B9u, 0xBB67AE85u);
  }
  return counter;
}

// The high 32 bits of a·b, from products of halves, for WGSL has no 64-bit integers.
fn mulhi(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let cross = a_high * b_low + ((a_low * b_low) >> 16u);
  let middle = a_low * b_high + (cross & 0xffffu);
  return a_high * b_high + (cross >> 16u) + (middle >> 16u);
}
