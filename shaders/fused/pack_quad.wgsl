// A pack is four neighbouring columns of a matrix: every load and store of the fused kernel is a vector. In its place, for
// networks so narrow that three of four columns would be padding: pack_single.wgsl.

alias Pack = vec4f;
alias Columns = vec4<bool>;
const PACK = 4u; // columns

fn phi(v: Pack) -> Pack {
  return vec4f(phi_of(v.x), phi_of(v.y), phi_of(v.z), phi_of(v.w));
}

fn phi_derivative(v: Pack) -> Pack {
  return vec4f(phi_derivative_of(v.x), phi_derivative_of(v.y), phi_derivative_of(v.z), phi_derivative_of(v.w));
}

// Which of a pack's columns exist; the others stay 0.
fn columns_of(pack: u32, width: u32) -> Columns {
  return vec4u(4u * pack) + vec4u(0u, 1u, 2u, 3u) < vec4u(width);
}

fn squared(v: Pack) -> f32 {
  return dot(v, v);
}

// Σ over the first `count` columns
fn loss_of(prediction: Pack, label: Pack, count: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < min(4u, count); c++) {
    sum += loss_value(prediction[c], label[c]);
  }
  return sum;
}

fn loss_slope(prediction: Pack, label: Pack) -> Pack {
  return vec4f(
    loss_derivative(prediction.x, label.x),
    loss_derivative(prediction.y, label.y),
    loss_derivative(prediction.z, label.z),
    loss_derivative(prediction.w, label.w),
  );
}

fn finite_columns(v: Pack) -> Columns {
  return vec4<bool>(is_finite(v.x), is_finite(v.y), is_finite(v.z), is_finite(v.w));
}

// How many of the columns that exist are saturated, and how many are no finite numbers.
fn saturated_columns(v: Pack, columns: Columns) -> u32 {
  let saturated = vec4<bool>(is_saturated(v.x), is_saturated(v.y), is_saturated(v.z), is_saturated(v.w));
  return count_columns(saturated & columns);
}

fn nonfinite_columns(v: Pack) -> u32 {
  return count_columns(!finite_columns(v));
}

fn count_columns(columns: Columns) -> u32 {
  return u32(columns.x) + u32(columns.y) + u32(columns.z) + u32(columns.w);
}

fn normal_or_nan_pack(v: Pack) -> Pack {
  return vec4f(normal_or_nan(v.x), normal_or_nan(v.y), normal_or_nan(v.z), normal_or_nan(v.w));
}

fn not_negative_pack(v: Pack) -> Pack {
  return vec4f(not_negative(v.x), not_negative(v.y), not_negative(v.z), not_negative(v.w));
}

// The first `count` of four neighbours in the data.
fn pack_of_x(at: u32, count: u32) -> Pack {
  var value = vec4f();
  for (var c = 0u; c < min(4u, count); c++) {
    value[c] = x[at + c];
  }
  return value;
}

fn pack_of_y(at: u32, count: u32) -> Pack {
  var value = vec4f();
  for (var c = 0u; c < min(4u, count); c++) {
    value[c] = y[at + c];
  }
  return value;
}
