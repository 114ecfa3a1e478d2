// A pack is four neighbouring rows of a column, and a parameter four times the same: for networks of one or two units a layer, of which
// packs of columns would be mostly padding. Rows beyond the last are left out wherever rows are summed. Needs pack_vector.wgsl.

const PACK = 1u; // columns

fn columns_of(pack: u32, width: u32) -> Columns {
  return Columns(pack < width);
}

fn row_packs(rows: u32) -> u32 {
  return (rows + 3u) / 4u;
}

fn rows_in(row: u32, rows: u32) -> Columns {
  return vec4u(4u * row) + INDICES < vec4u(rows);
}

fn of_rows(v: Pack, row: u32, rows: u32) -> Pack {
  return only(rows_in(row, rows), v);
}

fn across_rows(v: Pack) -> Pack {
  return Pack(sum_of(v));
}

fn first_row(v: Pack) -> Pack {
  return Pack(v.x);
}

fn squared(v: Pack) -> f32 {
  return v.x * v.x;
}

fn nonfinite_parameters(v: Pack) -> u32 {
  return u32(!is_finite(v.x));
}

fn loss_of(prediction: Pack, label: Pack, count: u32, row: u32) -> f32 {
  let losses = vec4f(
    loss_value(prediction.x, label.x),
    loss_value(prediction.y, label.y),
    loss_value(prediction.z, label.z),
    loss_value(prediction.w, label.w),
  );
  return sum_of(of_rows(losses, row, network.samples));
}

fn pack_of_x(first: u32, row: u32, pack: u32) -> Pack {
  var value = vec4f();
  for (var r = 0u; r < min(4u, network.samples - 4u * row); r++) {
    value[r] = x[(first + 4u * row + r) * network.inputs + pack];
  }
  return value;
}

fn pack_of_y(first: u32, row: u32, pack: u32) -> Pack {
  var value = vec4f();
  for (var r = 0u; r < min(4u, network.samples - 4u * row); r++) {
    value[r] = y[(first + 4u * row + r) * network.outputs + pack];
  }
  return value;
}

fn gathered(at: u32, across: u32, seed: u32, clock: u32, row: u32) -> Pack {
  var value = vec4f();
  for (var r = 0u; r < 4u; r++) {
    let sample = drawn(seed, clock, 4u * row + r);
    value[r] = load(at + sample / 4u * across)[sample % 4u];
  }
  return value;
}
