"""The stage that decides where orders are fulfilled: read, solve a batch, commit in groups."""
