//! Application Recovery Controller: zonal shifts, Region switch, and routing controls.
//!
//! Three APIs with a name in common. Zonal shift is in every Region; the other two each have one Region in which what
//! they have is written, and that is where it is listed.

pub(super) mod region_switch;
pub(super) mod routing_control;
pub(super) mod zonal_shift;
