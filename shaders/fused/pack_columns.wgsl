// A pack is four neighbouring columns of a row. Needs pack_vector.wgsl. In its place, for networks so narrow that most columns would be
// padding: pack_rows.wgsl.

const PACK = 4u; // columns

// Which of a pack's columns exist; the others stay 0.
fn columns_of(pack: u32, width: u32) -> Columns {
  return vec4u(4u * pack) + INDICES < vec4u(width);
}

fn row_packs(rows: u32) -> u32 {
  return rows;
}

// What exists of a pack of row `row`; and of its value, the rest being 0.
fn rows_in(row: u32, rows: u32) -> Columns {
  return Columns(true);
}

fn of_rows(v: Pack, row: u32, rows: u32) -> Pack {
  return v;
}

fn across_rows(v: Pack) -> Pack {
  return v;
}

fn first_row(v: Pack) -> Pack {
  return v;
}

// Of a parameter, or its gradient.
fn squared(v: Pack) -> f32 {
  return dot(v, v);
}

fn nonfinite_parameters(v: Pack) -> u32 {
  return count_columns(!finite_columns(v));
}

// Σ over the first `count` columns
fn loss_of(prediction: Pack, label: Pack, count: u32, row: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < min(4u, count); c++) {
    sum += loss_value(prediction[c], label[c]);
  }
  return sum;
}

// Of the data set whose rows begin at `first`: row `row`, column pack `pack`.
fn pack_of_x(first: u32, row: u32, pack: u32) -> Pack {
  var value = vec4f();
  for (var c = 0u; c < min(4u, network.inputs - 4u * pack); c++) {
    value[c] = x[(first + row) * network.inputs + 4u * pack + c];
  }
  return value;
}

fn pack_of_y(first: u32, row: u32, pack: u32) -> Pack {
  var value = vec4f();
  for (var c = 0u; c < min(4u, network.outputs - 4u * pack); c++) {
    value[c] = y[(first + row) * network.outputs + 4u * pack + c];
  }
  return value;
}

// Row `row` of a minibatch: the column at `at` of the data, `across` columns wide.
fn gathered(at: u32, across: u32, seed: u32, clock: u32, row: u32) -> Pack {
  return load(at + drawn(seed, clock, row) * across);
}
