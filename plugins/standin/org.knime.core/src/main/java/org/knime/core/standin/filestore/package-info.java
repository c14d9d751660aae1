/** Where file stores are kept and found again. */
package org.knime.core.standin.filestore;
