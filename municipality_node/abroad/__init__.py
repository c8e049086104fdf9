"""The desk for moves abroad and back, arrivals without certificate, and 転入通知 that do not arrive."""
