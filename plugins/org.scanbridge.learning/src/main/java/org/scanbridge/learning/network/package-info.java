/** A trained network with its provenance, and how it is stored. */
package org.scanbridge.learning.network;
