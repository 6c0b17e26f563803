"""The door: what is refused before it is read, because a browser sent it for another site."""
