//! Chores: the calendar over a year, and the loop that does them in the real program.

mod calendar;
