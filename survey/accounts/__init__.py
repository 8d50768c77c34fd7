"""People, the bodies they answer for, their roles, and signing in."""
