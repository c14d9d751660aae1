/** What the nodes that read and write images have in common. */
package org.scanbridge.knime.io;
