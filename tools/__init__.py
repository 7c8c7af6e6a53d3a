"""Scripts for the maintainer. Nothing here is deployed."""
