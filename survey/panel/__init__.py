"""What the panel reads: the frame of reference of a sealed submission."""
