// The products of train_fused.wgsl by register tiles of 8 × 8 elements: every invocation makes every TEAM-th tile. Of packs of four.

// An 8 × 8 tile of a product, row by row, left and right half.
struct Tile {
  l0: vec4f, r0: vec4f,
  l1: vec4f, r1: vec4f,
  l2: vec4f, r2: vec4f,
  l3: vec4f, r3: vec4f,
  l4: vec4f, r4: vec4f,
  l5: vec4f, r5: vec4f,
  l6: vec4f, r6: vec4f,
  l7: vec4f, r7: vec4f,
}

// tile + (high, low)ᵀ·(left, right): eight values down, eight across.
fn plus_outer(t: Tile, high: vec4f, low: vec4f, left: vec4f, right: vec4f) -> Tile {
  return Tile(
    fma(vec4f(high.x), left, t.l0), fma(vec4f(high.x), right, t.r0),
    fma(vec4f(high.y), left, t.l1), fma(vec4f(high.y), right, t.r1),
    fma(vec4f(high.z), left, t.l2), fma(vec4f(high.z), right, t.r2),
    fma(vec4f(high.w), left, t.l3), fma(vec4f(high.w), right, t.r3),
    fma(vec4f(low.x), left, t.l4), fma(vec4f(low.x), right, t.r4),
    fma(vec4f(low.y), left, t.l5), fma(vec4f(low.y), right, t.r5),
    fma(vec4f(low.z), left, t.l6), fma(vec4f(low.z), right, t.r6),
    fma(vec4f(low.w), left, t.l7), fma(vec4f(low.w), right, t.r7),
  );
}

// A row of the tile at a time, chosen as the loop goes: eight copies of a store are much code to compile where masks are branches.
fn store_tile(
  t: Tile, backward: bool, activates: bool, finish: Finish, row: u32, rows: u32, col: u32, cols: u32, out: u32,
) {
  for (var r = 0u; r < min(8u, rows - row); r++) {
    let left = one_of(r, t.l0, t.l1, t.l2, t.l3, t.l4, t.l5, t.l6, t.l7);
    let right = one_of(r, t.r0, t.r1, t.r2, t.r3, t.r4, t.r5, t.r6, t.r7);
    let at = (row + r) * cols + col;
    store(out + at, finished(backward, activates, finish, at, col, left));
    if (col + 1u < cols) {
      store(out + at + 1u, finished(backward, activates, finish, at + 1u, col + 1u, right));
    }
  }
}

fn one_of(i: u32, v0: vec4f, v1: vec4f, v2: vec4f, v3: vec4f, v4: vec4f, v5: vec4f, v6: vec4f, v7: vec4f) -> vec4f {
  let odd = (i & 1u) != 0u;
  let upper = select(select(v0, v1, odd), select(v2, v3, odd), (i & 2u) != 0u);
  let lower = select(select(v4, v5, odd), select(v6, v7, odd), (i & 2u) != 0u);
  return select(upper, lower, i > 3u);
}

// The eight rows of a matrix from `row` on, at column pack k; beyond the end the last row again, which nobody stores.
struct Rows {
  r0: u32, r1: u32, r2: u32, r3: u32, r4: u32, r5: u32, r6: u32, r7: u32,
}

fn rows_from(first: u32, row: u32, rows: u32, width: u32) -> Rows {
  let last = rows - 1u;
  return Rows(
    first + min(row, last) * width,
    first + min(row + 1u, last) * width,
    first + min(row + 2u, last) * width,
    first + min(row + 3u, last) * width,
    first + min(row + 4u, last) * width,
    first + min(row + 5u, last) * width,
    first + min(row + 6u, last) * width,
    first + min(row + 7u, last) * width,
  );
}

// Both products below take a (rows × inner packs) to out (rows × cols packs); each invocation makes every TEAM-th tile.

// out = scale · a · b, b (4·inner × cols packs)
fn multiply(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  let across = (cols + 1u) / 2u;
  let tiles = (rows + 7u) / 8u * across;
  for (var i = lane; i < tiles; i += TEAM) {
    let row = i / across * 8u;
    let col = i % across * 2u;
    let at = rows_from(a, row, rows, inner);
    let right = min(1u, cols - 1u - col);
    var b_at = b + col;
    var t = Tile();
    for (var k = 0u; k < inner; k++) {
      let a0 = load(at.r0 + k);
      let a1 = load(at.r1 + k);
      let a2 = load(at.r2 + k);
      let a3 = load(at.r3 + k);
      let a4 = load(at.r4 + k);
      let a5 = load(at.r5 + k);
      let a6 = load(at.r6 + k);
      let a7 = load(at.r7 + k);
      t = plus_outer(t, vec4f(a0.x, a1.x, a2.x, a3.x), vec4f(a4.x, a5.x, a6.x, a7.x), load(b_at), load(b_at + right));
      b_at += cols;
      t = plus_outer(t, vec4f(a0.y, a1.y, a2.y, a3.y), vec4f(a4.y, a5.y, a6.y, a7.y), load(b_at), load(b_at + right));
      b_at += cols;
      t = plus_outer(t, vec4f(a0.z, a1.z, a2.z, a3.z), vec4f(a4.z, a5.z, a6.z, a7.z), load(b_at), load(b_at + right));
      b_at += cols;
      t = plus_outer(t, vec4f(a0.w, a1.w, a2.w, a3.w), vec4f(a4.w, a5.w, a6.w, a7.w), load(b_at), load(b_at + right));
      b_at += cols;
    }
    store_tile(t, false, activates, finish, row, rows, col, cols, out);
  }
}

// out = scale · a · bᵀ, b (4·cols × inner packs)
fn multiply_by_transposed(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  let across = (cols + 1u) / 2u;
  let tiles = (rows + 7u) / 8u * across;
  for (var i = lane; i < tiles; i += TEAM) {
    let row = i / across * 8u;
    let col = i % across * 2u;
    let at = rows_from(a, row, rows, inner);
    let bt = rows_from(b, 4u * col, 4u * cols, inner);
    var t = Tile();
    for (var k = 0u; k < inner; k++) {
      let a0 = load(at.r0 + k);
      let a1 = load(at.r1 + k);
      let a2 = load(at.r2 + k);
      let a3 = load(at.r3 + k);
      let a4 = load(at.r4 + k);
      let a5 = load(at.r5 + k);
      let a6 = load(at.r6 + k);
      let a7 = load(at.r7 + k);
      let b0 = load(bt.r0 + k);
      let b1 = load(bt.r1 + k);
      let b2 = load(bt.r2 + k);
      let b3 = load(bt.r3 + k);
      let b4 = load(bt.r4 + k);
      let b5 = load(bt.r5 + k);
      let b6 = load(bt.r6 + k);
      let b7 = load(bt.r7 + k);
      t = plus_outer(t, vec4f(a0.x, a1.x, a2.x, a3.x), vec4f(a4.x, a5.x, a6.x, a7.x), vec4f(b0.x, b1.x, b2.x, b3.x), vec4f(b4.x, b5.x, b6.x, b7.x));
      t = plus_outer(t, vec4f(a0.y, a1.y, a2.y, a3.y), vec4f(a4.y, a5.y, a6.y, a7.y), vec4f(b0.y, b1.y, b2.y, b3.y), vec4f(b4.y, b5.y, b6.y, b7.y));
      t = plus_outer(t, vec4f(a0.z, a1.z, a2.z, a3.z), vec4f(a4.z, a5.z, a6.z, a7.z), vec4f(b0.z, b1.z, b2.z, b3.z), vec4f(b4.z, b5.z, b6.z, b7.z));
      t = plus_outer(t, vec4f(a0.w, a1.w, a2.w, a3.w), vec4f(a4.w, a5.w, a6.w, a7.w), vec4f(b0.w, b1.w, b2.w, b3.w), vec4f(b4.w, b5.w, b6.w, b7.w));
    }
    store_tile(t, true, activates, finish, row, rows, col, cols, out);
  }
}

// Partial sum s of out = scale · aᵀ · b over every `splits`-th row, at out + s·(4·a_packs·b_packs);
// a (rows × a_packs), b (rows × b_packs). Few outputs and many rows are so shared out among all invocations.
fn multiply_transposed(
  lane: u32, rows: u32, a_packs: u32, b_packs: u32, a: u32, b: u32, out: u32, scale: f32, splits: u32,
) {
  let across = (b_packs + 1u) / 2u;
  let tiles = (a_packs + 1u) / 2u * across;
  for (var i = lane; i < tiles * splits; i += TEAM) {
    let tile = i % tiles;
    let split = i / tiles;
    let row = tile / across * 2u;
    let col = tile % across * 2u;
    let low = min(1u, a_packs - 1u - row);
    let right = min(1u, b_packs - 1u - col);
    var t = Tile();
    for (var k = split; k < rows; k += splits) {
      let a_at = a + k * a_packs + row;
      let b_at = b + k * b_packs + col;
      t = plus_outer(t, load(a_at), load(a_at + low), load(b_at), load(b_at + right));
    }
    store_tile(t, true, false, Finish(scale, 1.0, 0u), 4u * row, 4u * a_packs, col, b_packs, out + split * 4u * a_packs * b_packs);
  }
}
