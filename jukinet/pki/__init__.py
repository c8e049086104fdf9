"""Who is who and who said what: certificates, signatures, Merkle trees and the signed directory of nodes."""
