// The three products of a layer, for four invocations that train a trial on a software adapter (team_quad.wgsl). Packs of four columns.
//
// What is fast there is not what is fast on a GPU. A variable at a constant index is a line of the CPU's cache. Memory at a computed
// address is read invocation by invocation, which costs as much as some twenty multiply-adds. So an invocation copies a block of the
// weights to variables (`block`), and the rows of the batch stream past it.
//
// Each of the four invocations has one of four neighbouring packs of columns. Of a row, each invocation loads a quarter and swaps
// quarters with the others; after the swaps it holds pack `i ^ lane` of four as its pack i. Columns beyond a multiple of four packs
// are taken a pack at a time, and the rows are dealt out among the invocations instead.
//
// The inner dimension is cut into blocks of 8, 4, 2 and 1 packs, the largest first. A branch that is not taken costs as much as one
// that is, so every shape of a block is code of its own: the host writes out the calls for the shapes that occur (`blockCalls` in
// src/kernels/software/fused_phases.ts) of stream_past_block, sum_outer_products_of_block and move_block_of_width. Their literal
// arguments `deep`, `high` and `wide` are decided on at compile time. The host also writes DEEPEST and HIGHEST, the most packs down a
// block of a product and of a gradient.
//
// Loops test at their end: one that tests first runs its body once more, with every lane masked.

// const DEEP: u32, from the host: some product has several blocks down its inner dimension

var<private> block: array<vec4f, 4 * DEEPEST>; // for pack i of the inner dimension, column r of this invocation's pack at 4·i + r
var<private> slopes: array<vec4f, 4 * HIGHEST>; // ∂loss/∂W for unit r of the input's pack i and this invocation's pack of the output, at 4·i + r

// out = scale · a · b, b (4·inner × cols packs)
fn multiply(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  multiply_blocks(false, lane, rows, inner, cols, a, b, out, activates, finish);
}

// out = scale · a · bᵀ, b (4·cols × inner packs)
fn multiply_by_transposed(
  lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish,
) {
  multiply_blocks(true, lane, rows, inner, cols, a, b, out, activates, finish);
}

// A block in packs, and how many rows pass it. It is the same for all four, which must be seen: they decide by it where they swap.
struct Shape {
  deep: u32,
  wide: u32,
  rows: u32,
}

// The rows of a that pass a block of the product's inner dimension × columns.
struct Stream {
  lane: u32,
  a: u32, // first pack of the first row
  inner: u32, // packs of a row of a
  out: u32,
  cols: u32, // packs of a row of out
  col: u32, // this invocation's
  is_first: bool, // of the blocks down the inner dimension
  is_last: bool,
}

fn multiply_blocks(
  transposed: bool, lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish,
) {
  let width = select(cols, inner, transposed);
  var first_col = 0u;
  loop {
    let wide = across(cols - first_col);
    let col = first_col + select(0u, lane, wide == 4u);
    var k = 0u;
    loop {
      let deep = side(8u, inner - k);
      var i = 0u;
      loop {
        let pack = k + pack_of_quad(i, lane, deep, wide);
        let at = b + select(4u * pack * cols + col, 4u * col * inner + pack, transposed);
        var weights = mat4x4f(load(at), load(at + width), load(at + 2u * width), load(at + 3u * width));
        if (!transposed) {
          weights = transpose(weights);
        }
        block[4u * i] = weights[0];
        block[4u * i + 1u] = weights[1];
        block[4u * i + 2u] = weights[2];
        block[4u * i + 3u] = weights[3];
        continuing {
          i += 1u;
          break if i == deep;
        }
      }
      let stream = Stream(lane, a + k, inner, out, cols, col, k == 0u, k + deep == inner);
      stream_past_block(Shape(deep, wide, rows), stream, transposed, activates, finish);
      continuing {
        k += deep;
        break if k == inner;
      }
    }
    continuing {
      first_col += wide;
      break if first_col == cols;
    }
  }
}

// Four columns of packs, one for each invocation, or one for all.
fn across(rest: u32) -> u32 {
  return select(1u, 4u, rest >= 4u);
}

// The largest power of two that is at most `most` and `rest`.
fn side(most: u32, rest: u32) -> u32 {
  return 1u << firstLeadingBit(min(most, rest));
}

// Which pack is the i-th that an invocation gets, when rows are loaded by quarters.
fn pack_of_quad(i: u32, lane: u32, length: u32, wide: u32) -> u32 {
  return select(i, i ^ lane, wide == 4u && length >= 4u);
}

fn stream_past(
  shape: Shape, stream: Stream, deep: u32, wide: u32, backward: bool, activates: bool, finish: Finish,
) {
  if (shape.deep != deep || shape.wide != wide) {
    return;
  }
  var row = 0u;
  loop {
    if (wide == 4u) {
      pass_together(stream, row, deep, backward, activates, finish);
    } else if (row + stream.lane < shape.rows) {
      pass_alone(stream, row + stream.lane, deep, backward, activates, finish);
    }
    continuing {
      row += select(4u, 1u, wide == 4u);
      break if row >= shape.rows;
    }
  }
}

fn pass_together(stream: Stream, row: u32, deep: u32, backward: bool, activates: bool, finish: Finish) {
  let a = stream.a + row * stream.inner;
  var z = vec4f();
  if (deep >= 4u) {
    z = plus_quad(z, 0u, load(a + stream.lane));
  } else {
    z = plus_pack(z, 0u, load(a));
  }
  if (deep == 8u) {
    z = plus_quad(z, 4u, load(a + 4u + stream.lane));
  }
  if (deep == 2u) {
    z = plus_pack(z, 1u, load(a + 1u));
  }
  put(stream, row, z, backward, activates, finish);
}

fn pass_alone(stream: Stream, row: u32, deep: u32, backward: bool, activates: bool, finish: Finish) {
  let a = stream.a + row * stream.inner;
  var z = plus_pack(vec4f(), 0u, load(a));
  if (deep >= 2u) {
    z = plus_pack(z, 1u, load(a + 1u));
  }
  if (deep >= 4u) {
    z = plus_pack(z, 2u, load(a + 2u));
    z = plus_pack(z, 3u, load(a + 3u));
  }
  if (deep == 8u) {
    z = plus_pack(z, 4u, load(a + 4u));
    z = plus_pack(z, 5u, load(a + 5u));
    z = plus_pack(z, 6u, load(a + 6u));
    z = plus_pack(z, 7u, load(a + 7u));
  }
  put(stream, row, z, backward, activates, finish);
}

// z with pack k of the inner dimension taken in.
fn plus_pack(z: vec4f, k: u32, a: vec4f) -> vec4f {
  let at = 4u * k;
  return vec4f(
    z.x + dot(block[at], a),
    z.y + dot(block[at + 1u], a),
    z.z + dot(block[at + 2u], a),
    z.w + dot(block[at + 3u], a),
  );
}

// And with the four packs of which each invocation has one.
fn plus_quad(z: vec4f, k: u32, own: vec4f) -> vec4f {
  let one = plus_pack(z, k, own);
  let two = plus_pack(one, k + 1u, quadSwapX(own));
  let three = plus_pack(two, k + 2u, quadSwapY(own));
  return plus_pack(three, k + 3u, quadSwapDiagonal(own));
}

// A product whose inner dimension comes in several blocks grows in memory, and is finished with the last.
fn put(stream: Stream, row: u32, part: vec4f, backward: bool, activates: bool, finish: Finish) {
  let at = row * stream.cols + stream.col;
  var z = part;
  if (DEEP != 0u && !stream.is_first) {
    z += load(stream.out + at);
  }
  if (DEEP == 0u || stream.is_last) {
    z = finished(backward, activates, finish, at, stream.col, z);
  }
  store(stream.out + at, z);
}

// A block of the gradient, as the sum over the rows of input × delta.
struct Outer {
  lane: u32,
  rows: u32,
  a: u32,
  a_packs: u32, // of a row
  delta: u32, // this invocation's pack of it
  delta_packs: u32,
}

// The weights move against their gradient scale·aᵀ·delta; a is the layer's input. Gives ‖∇W‖² and ‖W‖² before.
fn move_weights(
  lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, a: u32, delta: u32, rate: f32, decay: f32,
) -> Squares {
  settle(); // all have read the weights
  var squares = Squares();
  var first_j = 0u;
  loop {
    let wide = across(layer.packs_out - first_j);
    let j = first_j + select(0u, lane, wide == 4u);
    var i = 0u;
    loop {
      let high = side(4u, layer.packs_in - i);
      let shape = Shape(high, wide, rows);
      slopes = array<vec4f, 4 * HIGHEST>();
      sum_outer_products_of_block(shape, Outer(lane, rows, a + i, layer.packs_in, delta + j, layer.packs_out));
      squares = move_block_of_width(shape, Move(lane, base, settings_0, layer, i, j, rate, decay), squares);
      continuing {
        i += high;
        break if i == layer.packs_in;
      }
    }
    continuing {
      first_j += wide;
      break if first_j == layer.packs_out;
    }
  }
  return squares;
}

// A block of the weights that is to move by its `slopes`.
struct Move {
  lane: u32,
  base: u32,
  settings_0: u32,
  layer: Layer,
  i: u32, // its first pack of the input
  j: u32, // this invocation's pack of the output
  rate: f32,
  decay: f32,
}

// Of four columns of packs each invocation has all slopes of its own; of one it has a part of each, and moves every fourth unit.
fn move_block(shape: Shape, block: Move, before: Squares, wide: u32) -> Squares {
  var squares = before;
  if (shape.wide != wide) {
    return squares;
  }
  let layer = block.layer;
  var p = 0u;
  loop {
    var unit = 4u * (block.i + pack_of_quad(p / 4u, block.lane, shape.deep, wide)) + p % 4u;
    var slope = slopes[p];
    if (wide != 4u) {
      unit = 4u * block.i + p + block.lane;
      slope = slope_of_unit(p, block.lane);
    }
    if (unit < layer.fan_in) {
      let at = layer.weights + unit * layer.packs_out + block.j;
      let weight = load(block.base + at);
      squares = squares_with(squares, layer.scale * slope, weight);
      update(block.base, block.settings_0, at, weight, layer.scale * slope, block.rate, block.decay);
    }
    continuing {
      p += select(4u, 1u, wide == 4u);
      break if p == 4u * shape.deep;
    }
  }
  return squares;
}

// The slope of unit p + lane, of which every invocation has a part.
fn slope_of_unit(p: u32, lane: u32) -> vec4f {
  let even = select(quad_sum(slopes[p]), quad_sum(slopes[p + 2u]), lane > 1u);
  let odd = select(quad_sum(slopes[p + 1u]), quad_sum(slopes[p + 3u]), lane > 1u);
  return select(even, odd, (lane & 1u) != 0u);
}

// Two rows at a time: to change a variable costs as much as several multiply-adds, but the loop must fit the CPU's instruction cache.
fn sum_outer_products(shape: Shape, outer: Outer, high: u32, wide: u32) {
  if (shape.deep != high || shape.wide != wide) {
    return;
  }
  var row = 0u;
  loop {
    if (wide == 4u && high == 4u) {
      add_quad(outer, row);
    } else {
      add_packs(outer, row + select(2u * outer.lane, 0u, wide == 4u), high);
    }
    continuing {
      row += select(8u, 2u, wide == 4u);
      break if row >= shape.rows;
    }
  }
}

fn add_quad(outer: Outer, row: u32) {
  let own = two_rows(outer.a + outer.lane, outer.a_packs, row, outer.rows);
  let d = two_rows(outer.delta, outer.delta_packs, row, outer.rows);
  add_outer_product(0u, own, d);
  add_outer_product(1u, Rows(quadSwapX(own.first), quadSwapX(own.second)), d);
  add_outer_product(2u, Rows(quadSwapY(own.first), quadSwapY(own.second)), d);
  add_outer_product(3u, Rows(quadSwapDiagonal(own.first), quadSwapDiagonal(own.second)), d);
}

fn add_packs(outer: Outer, row: u32, high: u32) {
  let d = two_rows(outer.delta, outer.delta_packs, row, outer.rows);
  add_outer_product(0u, two_rows(outer.a, outer.a_packs, row, outer.rows), d);
  if (high >= 2u) {
    add_outer_product(1u, two_rows(outer.a + 1u, outer.a_packs, row, outer.rows), d);
  }
  if (high == 4u) {
    add_outer_product(2u, two_rows(outer.a + 2u, outer.a_packs, row, outer.rows), d);
    add_outer_product(3u, two_rows(outer.a + 3u, outer.a_packs, row, outer.rows), d);
  }
}

// A pack of two rows, nothing where there is no row.
struct Rows {
  first: vec4f,
  second: vec4f,
}

fn two_rows(first: u32, packs: u32, row: u32, rows: u32) -> Rows {
  let at = first + row * packs;
  return Rows(select(vec4f(), load(at), row < rows), select(vec4f(), load(at + packs), row + 1u < rows));
}

fn add_outer_product(i: u32, a: Rows, d: Rows) {
  let at = 4u * i;
  slopes[at] = fma(vec4f(a.first.x), d.first, fma(vec4f(a.second.x), d.second, slopes[at]));
  slopes[at + 1u] = fma(vec4f(a.first.y), d.first, fma(vec4f(a.second.y), d.second, slopes[at + 1u]));
  slopes[at + 2u] = fma(vec4f(a.first.z), d.first, fma(vec4f(a.second.z), d.second, slopes[at + 2u]));
  slopes[at + 3u] = fma(vec4f(a.first.w), d.first, fma(vec4f(a.second.w), d.second, slopes[at + 3u]));
}
