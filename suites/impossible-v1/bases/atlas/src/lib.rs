//! Grids, places and directions.

pub mod area;
pub mod city;
pub mod colour;
pub mod compass;
pub mod extent;
pub mod grid;
pub mod knight;
pub mod route;
pub mod zoom;
