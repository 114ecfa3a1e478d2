// What packs of four have in common, whether of neighbouring columns (pack_columns.wgsl) or of neighbouring rows (pack_rows.wgsl).

alias Pack = vec4f;
alias Columns = vec4<bool>; // which elements of a pack are meant, rows where it is of rows

const INDICES = vec4u(0u, 1u, 2u, 3u);

fn phi(v: Pack) -> Pack {
  return vec4f(phi_of(v.x), phi_of(v.y), phi_of(v.z), phi_of(v.w));
}

fn phi_derivative(v: Pack) -> Pack {
  return vec4f(phi_derivative_of(v.x), phi_derivative_of(v.y), phi_derivative_of(v.z), phi_derivative_of(v.w));
}

fn sum_of(v: Pack) -> f32 {
  return (v.x + v.y) + (v.z + v.w);
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

// How many of the elements that exist are saturated.
fn saturated_columns(v: Pack, columns: Columns) -> u32 {
  let saturated = vec4<bool>(is_saturated(v.x), is_saturated(v.y), is_saturated(v.z), is_saturated(v.w));
  return count_columns(saturated & columns);
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
