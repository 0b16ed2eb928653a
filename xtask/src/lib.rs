//! Checks of the house itself: the order of its floors.
