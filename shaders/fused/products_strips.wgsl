// The products of train_fused.wgsl by strips: STRIP rows of one pack of columns. Every invocation of a team makes every TEAM-th strip, and
// of a small network has one, where tiles (products_tiles.wgsl) would be fewer than invocations.

// const STRIP: u32, 1, 2 or 4, from the host

struct Strip {
  r0: vec4f, r1: vec4f, r2: vec4f, r3: vec4f,
}

// strip + rows · b, four elements of the rows by four packs of b
fn plus_rows(s: Strip, a0: vec4f, a1: vec4f, a2: vec4f, a3: vec4f, b0: vec4f, b1: vec4f, b2: vec4f, b3: vec4f) -> Strip {
  var sum = s;
  sum.r0 = plus_row(s.r0, a0, b0, b1, b2, b3);
  if (STRIP > 1u) {
    sum.r1 = plus_row(s.r1, a1, b0, b1, b2, b3);
  }
  if (STRIP > 2u) {
    sum.r2 = plus_row(s.r2, a2, b0, b1, b2, b3);
    sum.r3 = plus_row(s.r3, a3, b0, b1, b2, b3);
  }
  return sum;
}

fn plus_row(sum: vec4f, a: vec4f, b0: vec4f, b1: vec4f, b2: vec4f, b3: vec4f) -> vec4f {
  return fma(vec4f(a.w), b3, fma(vec4f(a.z), b2, fma(vec4f(a.y), b1, fma(vec4f(a.x), b0, sum))));
}

fn store_strip(s: Strip, backward: bool, activates: bool, finish: Finish, row: u32, rows: u32, col: u32, cols: u32, out: u32) {
  let at = row * cols + col;
  store(out + at, finished(backward, activates, finish, at, col, s.r0));
  if (STRIP > 1u && row + 1u < rows) {
    store(out + at + cols, finished(backward, activates, finish, at + cols, col, s.r1));
  }
  if (STRIP > 2u && row + 2u < rows) {
    store(out + at + 2u * cols, finished(backward, activates, finish, at + 2u * cols, col, s.r2));
  }
  if (STRIP > 2u && row + 3u < rows) {
    store(out + at + 3u * cols, finished(backward, activates, finish, at + 3u * cols, col, s.r3));
  }
}

// out (rows × cols packs) = a (rows × inner packs) · b (4·inner × cols packs)
fn multiply(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  let strips = (rows + STRIP - 1u) / STRIP * cols;
  let last = rows - 1u; // beyond the end the last row again, which nobody stores
  for (var i = lane; i < strips; i += TEAM) {
    let row = i / cols * STRIP;
    let col = i % cols;
    let a0 = a + row * inner;
    let a1 = a + min(row + 1u, last) * inner;
    let a2 = a + min(row + 2u, last) * inner;
    let a3 = a + min(row + 3u, last) * inner;
    var b_at = b + col;
    var s = Strip();
    for (var k = 0u; k < inner; k++) {
      let b0 = load(b_at);
      let b1 = load(b_at + cols);
      let b2 = load(b_at + 2u * cols);
      let b3 = load(b_at + 3u * cols);
      b_at += 4u * cols;
      s = plus_rows(s, load(a0 + k), load(a1 + k), load(a2 + k), load(a3 + k), b0, b1, b2, b3);
    }
    store_strip(s, false, activates, finish, row, rows, col, cols, out);
  }
}

// out (rows × cols packs) = a (rows × inner packs) · bᵀ, b (4·cols × inner packs)
fn multiply_by_transposed(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  let strips = (rows + STRIP - 1u) / STRIP * cols;
  let last = rows - 1u;
  for (var i = lane; i < strips; i += TEAM) {
    let row = i / cols * STRIP;
    let col = i % cols;
    let a0 = a + row * inner;
    let a1 = a + min(row + 1u, last) * inner;
    let a2 = a + min(row + 2u, last) * inner;
    let a3 = a + min(row + 3u, last) * inner;
    let b_at = b + 4u * col * inner;
    var s = Strip();
    for (var k = 0u; k < inner; k++) {
      let b0 = load(b_at + k);
      let b1 = load(b_at + inner + k);
      let b2 = load(b_at + 2u * inner + k);
      let b3 = load(b_at + 3u * inner + k);
      s = plus_rows(
        s, load(a0 + k), load(a1 + k), load(a2 + k), load(a3 + k),
        vec4f(b0.x, b1.x, b2.x, b3.x), vec4f(b0.y, b1.y, b2.y, b3.y), vec4f(b0.z, b1.z, b2.z, b3.z), vec4f(b0.w, b1.w, b2.w, b3.w),
      );
    }
    store_strip(s, true, activates, finish, row, rows, col, cols, out);
  }
}

// Partial sum s of out = scale · aᵀ · b over every `splits`-th row, by blocks of 4 × 4 elements.
fn multiply_transposed(
  lane: u32, rows: u32, a_packs: u32, b_packs: u32, a: u32, b: u32, out: u32, scale: f32, splits: u32,
) {
  let blocks = a_packs * b_packs;
  for (var i = lane; i < blocks * splits; i += TEAM) {
    let block = i % blocks;
    let split = i / blocks;
    let row = block / b_packs;
    let col = block % b_packs;
    var r0 = vec4f();
    var r1 = vec4f();
    var r2 = vec4f();
    var r3 = vec4f();
    for (var k = split; k < rows; k += splits) {
      let down = load(a + k * a_packs + row);
      let across = load(b + k * b_packs + col);
      r0 = fma(vec4f(down.x), across, r0);
      r1 = fma(vec4f(down.y), across, r1);
      r2 = fma(vec4f(down.z), across, r2);
      r3 = fma(vec4f(down.w), across, r3);
    }
    let at = out + 4u * split * blocks + 4u * row * b_packs + col;
    store(at, scale * r0);
    store(at + b_packs, scale * r1);
    store(at + 2u * b_packs, scale * r2);
    store(at + 3u * b_packs, scale * r3);
  }
}
