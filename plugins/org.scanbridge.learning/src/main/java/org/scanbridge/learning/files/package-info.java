/** Files that are written whole or not at all. */
package org.scanbridge.learning.files;
