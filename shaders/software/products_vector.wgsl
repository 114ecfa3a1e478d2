// The products of train_fused.wgsl for four invocations that share a trial, of a layer of one unit. Its weights are a vector that
// lies along the packs of the layer's input (src/training/fused_layout.ts): four packs are dealt out, one to each invocation,
// while the rows of the batch pass one by one. Of the packs of the layer's output only the first column is there; the others
// stay 0. Needs memory_storage.wgsl. In place of products_quads.wgsl.

// const DEEP: u32, from the host: there are more than four packs

// out (rows × 1) = scale · a · b, a (rows × inner packs)
fn multiply(lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish) {
  var first = 0u;
  loop {
    let column = dealt(first, lane, inner);
    let weights = load(b + column.pack);
    var row = 0u;
    loop {
      let part = dot(weights, load(a + row * inner + column.pack));
      var z = team_sum(select(0.0, part, column.exists), lane);
      if (lane == 0u) {
        if (DEEP != 0u && first > 0u) {
          z += arena[out + row].x;
        }
        if (DEEP == 0u || first + 4u >= inner) {
          z = finished(false, activates, finish, row, 0u, vec4f(z, 0.0, 0.0, 0.0)).x;
        }
        arena[out + row].x = z;
      }
      continuing {
        row += 1u;
        break if row == rows;
      }
    }
    continuing {
      first += 4u;
      break if first >= inner;
    }
  }
}

// out (rows × cols packs) = scale · a · bᵀ, a (rows × 1)
fn multiply_by_transposed(
  lane: u32, rows: u32, inner: u32, cols: u32, a: u32, b: u32, out: u32, activates: bool, finish: Finish,
) {
  var first = 0u;
  loop {
    let column = dealt(first, lane, cols);
    let weights = load(b + column.pack);
    var row = 0u;
    loop {
      let at = row * cols + column.pack;
      let value = finished(true, activates, finish, at, column.pack, arena[a + row].x * weights);
      if (column.exists) {
        store(out + at, value);
      }
      continuing {
        row += 1u;
        break if row == rows;
      }
    }
    continuing {
      first += 4u;
      break if first >= cols;
    }
  }
}

// The weights move against their gradient scale·aᵀ·delta; a is the layer's input. Gives ‖∇W‖² and ‖W‖² before.
fn move_weights(
  lane: u32, base: u32, settings_0: u32, layer: Layer, rows: u32, a: u32, delta: u32, rate: f32, decay: f32,
) -> Squares {
  settle(); // all have read the weights
  var squares = Squares();
  var first = 0u;
  loop {
    let column = dealt(first, lane, layer.packs_in);
    var slope = vec4f();
    var row = 0u;
    loop {
      slope = fma(vec4f(arena[delta + row].x), load(a + row * layer.packs_in + column.pack), slope);
      continuing {
        row += 1u;
        break if row == rows;
      }
    }
    if (column.exists) {
      let weights = load(base + layer.weights + column.pack);
      // The padding of an activation need not be 0, as a sigmoid's is not, but that of the weights stays so.
      slope = only(columns_of(column.pack, layer.fan_in), layer.scale * slope);
      squares = squares_with(squares, slope, weights);
      update(base, settings_0, layer.weights + column.pack, weights, slope, rate, decay);
    }
    continuing {
      first += 4u;
      break if first >= layer.packs_in;
    }
  }
  return squares;
}

// The pack of an invocation, among those from `first` on; where there are too few, the last again.
struct Dealt {
  pack: u32,
  exists: bool,
}

fn dealt(first: u32, lane: u32, packs: u32) -> Dealt {
  return Dealt(min(first + lane, packs - 1u), first + lane < packs);
}
