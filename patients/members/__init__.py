"""Who works at a clinic: the owner's page of people and roles, and the link that lets one in."""
