"""Pages of answers as plain values: what templates show, worked out from boards."""
