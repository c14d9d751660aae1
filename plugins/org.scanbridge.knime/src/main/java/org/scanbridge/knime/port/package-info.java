/** Networks that travel between nodes. */
package org.scanbridge.knime.port;
