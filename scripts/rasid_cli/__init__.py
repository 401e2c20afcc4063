"""The command line of Rasid: it starts a database, brings it up to date and asks it questions."""
