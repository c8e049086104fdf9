"""The mayor of a designated city, through whom the wards' notices go to the governor."""
