//! Reports of a small account whose names are as hostile as AWS, or a file that says that it is a snapshot, lets
//! them be: each format against its schema or validator, and against what a terminal must never get.

mod account;
mod controls;
mod json;
mod sarif;
mod table;
