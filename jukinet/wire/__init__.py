"""The only room that knows gRPC: servers, channels, and what every call passes on its way in."""
