"""Agreement: whether two sources agree, and whether a gap is one of care or of coding."""
