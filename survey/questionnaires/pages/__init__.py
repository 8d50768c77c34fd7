"""What the pages of questionnaires show, as plain values for the components."""
